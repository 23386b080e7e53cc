/* Message brokers. */
#include "dialects/apinizer/types.h"

/* clang-format off */

static const char *const broker_protocols[] = {"TCP", "AMQP", NULL};
static const char *const destinations[] = {"QUEUE", "TOPIC", NULL};
static const char *const acknowledgements[] = {
	"AUTO_ACKNOWLEDGE", "CLIENT_ACKNOWLEDGE", "DUPS_OK_ACKNOWLEDGE",
	"SESSION_TRANSACTED", NULL};

static const struct field activemq_fields[] = {
	{WORD("activeMqConnectionProtocolType", FIELD_REQUIRED,
	      broker_protocols),
	 .about = "What is spoken: OpenWire over TCP, or AMQP."},
	{TEXT("brokerURL"), .flags = FIELD_REQUIRED,
	 .about = "The broker's URL, as in tcp://broker:61616."},
	{TEXT("username"), .about = "Who logs in."},
	{SECRET("password", 0), .about = "That user's password."},
	{WORD("destinationType", FIELD_REQUIRED, destinations),
	 .about = "Whether one reader or all get a message."},
	{TEXT("destinationName"), .flags = FIELD_REQUIRED,
	 .about = "The queue's or topic's name."},
	{WORD("sessionAcknowledgement", 0, acknowledgements),
	 .initial = "\"AUTO_ACKNOWLEDGE\"",
	 .about = "Who says that a message was taken, and when."},
	{LONG("sendTimeout", "60000"),
	 .about = "Milliseconds to wait for a message to be sent."},
	{LONG("requestTimeout", "60000"),
	 .about = "Milliseconds to wait for an answer."},
	{LONG("closeTimeout", "60000"),
	 .about = "Milliseconds to wait for the end."},
	{LONG("connectTimeout", "60000"),
	 .about = "Milliseconds to wait for the connection."},
	{TEXT("contentType"), .about = "The media type of messages."},
	{TEXT("clientID"), .about = "The client's name at the broker."},
	{TEXT("contentEncoding"), .about = "The encoding of messages."},
};
const struct field_table apinizer_activemq = TABLE("activemq", activemq_fields);

static const struct field place_fields[] = {
	{TEXT("host"), .initial = "\"localhost\"",
	 .about = "The host's name or address."},
	{PORT("port", "5672"), .about = "Its port."},
};
static const struct field_table place = TABLE(NULL, place_fields);

static const struct field rabbitmq_fields[] = {
	{.name = "hostPortList", .type = FIELD_LIST, .flags = FIELD_REQUIRED,
	 .members = &place, .about = "The hosts of the cluster."},
	{TEXT("connectionFactoryVirtualHost"), .initial = "\"/\"",
	 .about = "The virtual host."},
	{FLAG("authenticationEnabled", "false"),
	 .about = "Log in with the user name and password."},
	{TEXT("connectionFactoryUsername"),
	 .feature = "authenticationEnabled", .about = "Who logs in."},
	{SECRET("connectionFactoryPassword", 0),
	 .feature = "authenticationEnabled", .about = "That user's password."},
	{INT("connectionFactoryConnectionTimeout", "60000"),
	 .about = "Milliseconds to wait for the connection."},
	{.name = "connectionFactoryClientProperties", .type = FIELD_OBJECT,
	 .about = "What the client tells of itself."},
	{INT("connectionFactoryRequestedChannelMax", "2047"),
	 .about = "Channels at most; 0 for no limit."},
	{INT("connectionFactoryRequestedFrameMax", "0"),
	 .about = "Bytes of a frame at most; 0 for no limit."},
	{INT("connectionFactoryRequestedHeartbeat", "60"),
	 .about = "Seconds between signs of life; 0 for none."},
	{FLAG("connectionFactoryUseSslProtocol", "false"),
	 .about = "Encrypt by TLS."},
	{TEXT("connectionFactorySslProtocol"), .initial = "\"TLSv1.2\"",
	 .about = "The version of TLS."},
	{TEXT("channelExchange"), .initial = "\"\"",
	 .about = "The exchange that is sent to; empty for the default one."},
	{TEXT("channelRoutingKey"), .about = "The routing key of messages."},
	{TEXT("basicPropertiesAppId"), .initial = "\"apinizer\"",
	 .about = "The program that messages say they come from."},
	{TEXT("basicPropertiesContentType"), .initial = "\"application/json\"",
	 .about = "The media type of messages."},
	{TEXT("basicPropertiesContentEncoding"),
	 .about = "The encoding of messages."},
	{INT("basicPropertiesDeliveryMode", NULL),
	 .about = "1: a restart may lose messages; 2: they are kept."},
	{INT("basicPropertiesPriority", NULL),
	 .about = "The priority of messages."},
	{TEXT("basicPropertiesReplyTo"), .about = "The queue for answers."},
	{TEXT("basicPropertiesExpiration"),
	 .about = "Milliseconds after which a message is dropped."},
	{TEXT("basicPropertiesType"), .about = "The type of messages."},
	{TEXT("basicPropertiesUserId"), .about = "The sender of messages."},
	{TEXT("basicPropertiesClusterId"), .about = "The cluster's id."},
};
const struct field_table apinizer_rabbitmq = TABLE("rabbitmq", rabbitmq_fields);

/* clang-format on */
