-- Names of targets are compared by Unicode's letters, not by ASCII's alone.
-- SQL can't fold them: db/migrate_names.c does, in the same transaction.

SELECT 1;
