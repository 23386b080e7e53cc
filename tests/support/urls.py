"""URLs of others, and what may become of them."""

# Nothing could allow to call these: refused when they are stored.
UNCALLABLE = ["", "example.com/hook", "https://", "https:///hook",
              "ftp://example.com/", "javascript:alert(1)",
              "https://jane:pass@example.com/", "https://a b/"]

# What a server may call is decided when it is called.
LATER = ["http://example.com/hook", "http://10.0.0.1:8080/", "https://[::1]/",
         "http://localhost/", "https://example.com:25/"]
