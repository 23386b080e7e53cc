/* Elasticsearch, and how it is to keep what it is sent. */
#include "dialects/apinizer/types.h"

/* clang-format off */

static const char *const schemes[] = {"http", "https", NULL};
static const char *const encryptions[] = {
	"CA_CERTIFICATE_IN_PKCS_12", "CA_IN_PEM_FILE",
	"CERT_AND_PRIVATE_KEY_IN_PKCS_12", NULL};
static const char *const uses[] = {"READ_WRITE", "READ", NULL};
static const char *const versions[] = {
	"AUTO_DETECT", "ES_7", "ES_8", "ES_9", NULL};

static const struct field host_fields[] = {
	{WORD("scheme", 0, schemes), .initial = "\"http\"",
	 .about = "Without or with TLS."},
	{TEXT("host"), .flags = FIELD_REQUIRED,
	 .about = "The host's name or address."},
	{PORT("port", "9200"), .about = "Its port."},
	{TEXT("status"), .about = "What was last seen of it; not looked at."},
	{TEXT("clusterName"),
	 .about = "The cluster that it was last seen in; not looked at."},
};
static const struct field_table host = TABLE(NULL, host_fields);

static const struct field policy_fields[] = {
	{TEXT("policyName"), .initial = "\"apinizer-log-ilm-policy-default\"",
	 .about = "The policy's name there."},
	{FLAG("enableHotPhase", "false"), .about = "Begin new indices."},
	{INT("maxAgeOfRollover", NULL),
	 .about = "Days after which a new index begins."},
	{INT("maxIndexSizeOfRollover", NULL),
	 .about = "Gigabytes after which a new index begins."},
	{LONG("maxDocCountOfRollover", NULL),
	 .about = "Documents after which a new index begins."},
	{FLAG("enableWarmPhase", "false"),
	 .about = "Shrink what is not written any more."},
	{INT("numberOfReplicasForWarm", NULL),
	 .about = "Copies of a warm index."},
	{INT("maxNumShardsForShrink", NULL),
	 .about = "Shards of a warm index."},
	{INT("maxNumSegmentsForForceMerge", NULL),
	 .about = "Segments of a warm index's shards."},
	{FLAG("enableColdPhase", "false"),
	 .about = "Move what is seldom read."},
	{INT("minAgeOfCold", NULL),
	 .about = "Days after which an index is cold."},
	{INT("numberOfReplicasForCold", NULL),
	 .about = "Copies of a cold index."},
	{FLAG("enableDeletePhase", "false"), .about = "Delete what is old."},
	{INT("minAgeOfDelete", NULL),
	 .about = "Days after which an index is deleted."},
};
static const struct field_table policy = TABLE(NULL, policy_fields);

#define ENCRYPTED_BY(way) .feature = "encryptCommunicationType", .choice = (way)

static const struct field elasticsearch_fields[] = {
	{FLAG("administrate", "false"),
	 .about = "Make indices, templates and policies there."},
	{.name = "elasticHostList", .type = FIELD_LIST,
	 .flags = FIELD_REQUIRED, .members = &host,
	 .about = "The hosts of the cluster."},
	{FLAG("authenticate", "false"),
	 .about = "Log in with the user name and password."},
	{TEXT("elasticUsername"), .feature = "authenticate",
	 .about = "Who logs in."},
	{SECRET("elasticPassword", 0), .feature = "authenticate",
	 .about = "That user's password."},
	{FLAG("encryptCommunication", "false"), .about = "Encrypt by TLS."},
	{WORD("encryptCommunicationType", 0, encryptions),
	 .feature = "encryptCommunication",
	 .about = "In what form the certificates are."},
	{BASE64("caCertInPkcs12File"),
	 ENCRYPTED_BY("CA_CERTIFICATE_IN_PKCS_12"),
	 .about = "The CA's certificate, as base64."},
	{TEXT("caCertInPkcs12FileContentType"),
	 .initial = "\"application/x-pkcs12\"",
	 .about = "That file's media type."},
	{BASE64("caInPemFile"), ENCRYPTED_BY("CA_IN_PEM_FILE"),
	 .about = "The CA's certificate, as base64."},
	{TEXT("caInPemFileContentType"),
	 .initial = "\"application/x-pem-file\"",
	 .about = "That file's media type."},
	{BASE64("caTruststoreFile"),
	 ENCRYPTED_BY("CERT_AND_PRIVATE_KEY_IN_PKCS_12"),
	 .about = "Certificates that are trusted, as base64."},
	{TEXT("caTruststoreFileContentType"),
	 .initial = "\"application/x-pkcs12\"",
	 .about = "That file's media type."},
	{SECRET("caTruststoreFilePass", 0), .about = "That file's password."},
	{BASE64("caKeystoreFile"),
	 ENCRYPTED_BY("CERT_AND_PRIVATE_KEY_IN_PKCS_12"),
	 .about = "The client's certificate and key, as base64."},
	{TEXT("caKeystoreFileContentType"),
	 .initial = "\"application/x-pkcs12\"",
	 .about = "That file's media type."},
	{SECRET("caKeystoreFilePass", 0),
	 ENCRYPTED_BY("CERT_AND_PRIVATE_KEY_IN_PKCS_12"),
	 .about = "That file's password."},
	{FLAG("disableHostnameVerification", "false"),
	 .about = "Take a certificate of another host."},
	{FLAG("indexLifecyclePolicyCreated", "false"),
	 .about = "Make the lifecycle policy there."},
	{.name = "indexLifecyclePolicy", .type = FIELD_OBJECT,
	 .members = &policy, .feature = "indexLifecyclePolicyCreated",
	 .about = "When indices are replaced, shrunk, moved and deleted."},
	{FLAG("indexTemplateCreated", "false"),
	 .about = "Make the index template there."},
	{TEXT("indexTemplateName"), .feature = "indexTemplateCreated",
	 .about = "The template's name there."},
	{TEXT("indexName"), .about = "The index that is written to."},
	{INT("indexTemplateNumberOfShards", NULL),
	 .about = "Shards of a new index."},
	{INT("indexTemplateNumberOfReplicas", NULL),
	 .about = "Copies of a new index."},
	{TEXT("indexTemplateRefreshInterval"),
	 .about = "When what was written is found, such as 5s."},
	{INT("connectionTimeoutInMs", "5000"),
	 .about = "Milliseconds to wait for the connection."},
	{.name = "socketReuseAddress", .type = FIELD_BOOLEAN,
	 .about = "Use a socket's address again at once."},
	{.name = "socketKeepAlive", .type = FIELD_BOOLEAN,
	 .about = "Probe a connection that is idle."},
	{INT("ioThreads", NULL), .about = "Threads that send and receive."},
	{INT("maxConnectionPerHost", NULL),
	 .about = "Connections that are kept open to one host."},
	{INT("maxConnectionTotal", NULL),
	 .about = "Connections that are kept open in all."},
	{INT("bulkBufferCapacity", "50000"),
	 .about = "Documents that wait to be written, at most."},
	{INT("bulkFlushIntervalMs", "100"),
	 .about = "Milliseconds after which those that wait are written."},
	{INT("bulkMaxBatchSize", "2500"),
	 .about = "Documents that are written at once, at most."},
	{WORD("elasticsearchType", 0, uses), .initial = "\"READ_WRITE\"",
	 .about = "What it is used for."},
	{WORD("elasticsearchMajorVersion", 0, versions),
	 .initial = "\"AUTO_DETECT\"", .about = "Which version it is."},
};
const struct field_table apinizer_elasticsearch =
	TABLE("elasticsearch", elasticsearch_fields);

/* clang-format on */
