/*
 * Private keys of tests, and what another implementation (python3-cryptography)
 * signs with one of them. That of RSA is the one of RFC 7515, A.2.
 */
#ifndef CLEAT_TESTS_UNIT_SIGNING_KEYS_H
#define CLEAT_TESTS_UNIT_SIGNING_KEYS_H

static const char rsa_pkcs8[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCh+BYK4uPJtGXO\n"
	"jS1lYmM2K5J9vinh8CR3/BYlzJChNuOL2TSXxbbqY913EeZ8dCn5VrD7io8ImtxL\n"
	"aYk8wTM/U+3QGbh3hCUv7JFP5IV3aVlL6kKA0ywPVb9ilE8TA5a8bpvfbr3SvaNn\n"
	"juygxmj3AbONv/s4yDQs4v5tJ/reSlpIdJed1LnPmt7Ex1sFhSwsD174pcF1A5L5\n"
	"ROjtZMEQxrZHYJqkeDrrnGya11UxMFBji4NmXG9veoKjlnAqH2QbgtPr8jkiGUkf\n"
	"toaHLFcW9Qr4NY2ai50Xw0Byj3+H2JoY2PyrZ62EWQwuz3WTOTY8BwNNb2BvniHg\n"
	"VFbK5emhAgMBAAECggEAEq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyW\n"
	"PEAeP88vLNO97IjlA7/GQ5sLKMgvfTeXZx9SE+7YwVol2NXOoAJe46sui395IW/G\n"
	"O+pWJ1O0BkTGoVEn2bKVRUCgu+GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzj\n"
	"kn439X0M/V51gfpRLI9JYanrC4D4qAdGcopV/0ZHHzQlBjudU2QvXt4ehNYTCBr6\n"
	"XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl/x/jTj3ccPDVZFD9pIuhLhBOneufuBiB\n"
	"4cS98l2SR/RQyGWSeWjnczT0QU91p1DhOVRuOopznQKBgQDgHMQQ60imZV1URk0K\n"
	"pLttoLhyt3SmqdEf/kgHePDdtzEafpAu+cS191R2JiuoF2yzWXnwFDcqGigp5BNr\n"
	"0AHQfD8/Lk8l1Mk09jxxCfui5nYooNyac8YFjm3vItzVCVDnEd3BbVWG8qf6deqE\n"
	"lMGAg+C2V0L4oNXnP7LZcPAZRwKBgQC5A8R+CZW2MvRTLLHzwZkUXV866cff7tx6\n"
	"kqa0finGG0KgeqlaZPxgCZnFp7AeAcCMtiynVlJ7vMVgePsLq6XtON4tB5kP9jAP\n"
	"rq3rbAOal78eUH5OcED6eNuCV8ixEu1eWcPNCS/l1OW1EnXUEoEHKl54Xrrz2uNw\n"
	"kgMTP1FZ1wKBgAcCn1dwJKufzBWQxWQp1vsM5fggqPN1qGb5y0MAk3g7/Ls5bkUp\n"
	"5u9SN0Ai3Ya6hNnvWJMb7sXQX6U/zyO2M/hTip7tUeh7CXgwo59dkpN75gJLVds2\n"
	"9+DAncu3KXU4f2Fa+7bLNrur53k8KwPOq2bbuTG69QtV7Jr5MR0AHWKNAoGBAIf/\n"
	"evpitUf+4JYbLpvNXWcY052Mpz22aR84mY3nh3F2LF2mjMJDpTg7FmuyPcVw6EcG\n"
	"yoAe9fa65iNqCq+jdw6PVNGo2hxfjSiZ8IIzHdsPXI89//pMjZcQK9r+CCoRjaZj\n"
	"OYiIDktVWZzmevJuv6WywUqd57LE3Zar3dLSIkx1AoGAIYd7DHOhrWvxkwPQsRM2\n"
	"tOgrjbcrfvtQJipd+DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd/QJQ3\n"
	"ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp/gh6A56\n"
	"03k2+ZQwVK0JKSHuLFkuQ3U=\n"
	"-----END PRIVATE KEY-----\n";

static const char rsa_pkcs1[] =
	"-----BEGIN RSA PRIVATE KEY-----\n"
	"MIIEowIBAAKCAQEAofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd/wWJcyQoTbji9k0\n"
	"l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL+yRT+SFd2lZS+pC\n"
	"gNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb/7OMg0LOL+bSf63kpaSHSX\n"
	"ndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uD\n"
	"Zlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxXFvUK+DWNmoudF8NAco9/h9iaGNj8\n"
	"q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQIDAQABAoIBABKucaRpzQorw35S\n"
	"bEUAVx8dYXUdZOlJcHtiWQ+dC6V8ljxAHj/PLyzTveyI5QO/xkObCyjIL303l2cf\n"
	"UhPu2MFaJdjVzqACXuOrLot/eSFvxjvqVidTtAZExqFRJ9mylUVAoLvhowVWmC1O\n"
	"n95fZCXxTUtxNEG1Xcc7m0rtzJKs45J+N/V9DP1edYH6USyPSWGp6wuA+KgHRnKK\n"
	"Vf9GRx80JQY7nVNkL17eHoTWEwga+lwi0FEoW9Y7lDtWXYmKBWhUE+U8PGxlJf8f\n"
	"40493HDw1WRQ/aSLoS4QTp3rn7gYgeHEvfJdkkf0UMhlknlo53M09EFPdadQ4TlU\n"
	"bjqKc50CgYEA4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH/5IB3jw3bcxGn6QLvnE\n"
	"tfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw/Py5PJdTJNPY8cQn7ouZ2KKDcmnPG\n"
	"BY5t7yLc1QlQ5xHdwW1VhvKn+nXqhJTBgIPgtldC+KDV5z+y2XDwGUcCgYEAuQPE\n"
	"fgmVtjL0Uyyx88GZFF1fOunH3+7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYs\n"
	"p1ZSe7zFYHj7C6ul7TjeLQeZD/YwD66t62wDmpe/HlB+TnBA+njbglfIsRLtXlnD\n"
	"zQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdcCgYAHAp9XcCSrn8wVkMVkKdb7\n"
	"DOX4IKjzdahm+ctDAJN4O/y7OW5FKebvUjdAIt2GuoTZ71iTG+7F0F+lP88jtjP4\n"
	"U4qe7VHoewl4MKOfXZKTe+YCS1XbNvfgwJ3Ltyl1OH9hWvu2yza7q+d5PCsDzqtm\n"
	"27kxuvULVeya+TEdAB1ijQKBgQCH/3r6YrVH/uCWGy6bzV1nGNOdjKc9tmkfOJmN\n"
	"54dxdixdpozCQ6U4OxZrsj3FcOhHBsqAHvX2uuYjagqvo3cOj1TRqNocX40omfCC\n"
	"Mx3bD1yPPf/6TI2XECva/ggqEY2mYzmIiA5LVVmc5nrybr+lssFKneeyxN2Wq93S\n"
	"0iJMdQKBgCGHewxzoa1r8ZMD0LETNrToK423K377UCYqXfg5XMclbrjPbEC3YI1Z\n"
	"NqMtuhdBJqUnBi6tjKMF+34Xf0CUN8ncuXGO2CAYvO8PdyCixHX52ybaDjy1FtCE\n"
	"6yUXjoKNXKvUm7MWGsAYH6f4IegOetN5NvmUMFStCSkh7ixZLkN1\n"
	"-----END RSA PRIVATE KEY-----\n";

static const char p256[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgd9W0OjI+LLjAANRE\n"
	"l2Pu/iFmfhXv1SexViBhMDZwacqhRANCAASzBIxl22VbdLadEkzi9g+KGVGcBOFv\n"
	"Ky+HBvVSLmeNfqr+xCt6L3a3lfVifh0uW6dWZKdKMoBLdQaYVc4tEveM\n"
	"-----END PRIVATE KEY-----\n";

static const char p256_sec1[] =
	"-----BEGIN EC PRIVATE KEY-----\n"
	"MHcCAQEEIHfVtDoyPiy4wADURJdj7v4hZn4V79UnsVYgYTA2cGnKoAoGCCqGSM49\n"
	"AwEHoUQDQgAEswSMZdtlW3S2nRJM4vYPihlRnAThbysvhwb1Ui5njX6q/sQrei92\n"
	"t5X1Yn4dLlunVmSnSjKAS3UGmFXOLRL3jA==\n"
	"-----END EC PRIVATE KEY-----\n";

static const char p384[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCgaUgHA0hI1hrMSe+5\n"
	"JsBeGk/pE3MYQk3IioKFDFRCq5nQIQaGstdcpGb+h36LlGGhZANiAATTLBy1KLv9\n"
	"nZUlyfl2dMXuAL2TCIyzsBETpkb16rqRjIGlAAXAXTVjOcdOyAnZF/AEOJFHfgeA\n"
	"Vi78Y0x8jd60rnGtiRj/zNgo14BQktZxYX8EWbr8Vu9gYLTpxC8H/F8=\n"
	"-----END PRIVATE KEY-----\n";

static const char p521[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIBroazIn+0EQz+ReOI\n"
	"/wq6HOUS2DowwWSE52aenAX64HVNdNrvOTr8AAu9Xazs599+FNl9q8htCyovF0u/\n"
	"36FZbByhgYkDgYYABAD5DwA3h6aRsMWo1xYQ0QtR0/8AjgIbQp0CfIvsDAUgj3EG\n"
	"xQEhCcGrPo/umQlVqRHJyZU8rtEfm/KPYx5o6qJmgQHXJUyumfTF9udvgYtQM5MA\n"
	"e3oxv6MQGdLKDEEi6N8J+EZK4x0Nwm58AJHrcSibbFXJOfyITKv1jvC6/f8t8vmS\n"
	"Bw==\n"
	"-----END PRIVATE KEY-----\n";

static const char p256k[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgDhbKbN9iA42tMuOaKN9E\n"
	"pn0y3ximsav89XxdPIIOFnWhRANCAARivXKbJg0SDImR+hxtiW5knKkhZ21OKYh/\n"
	"+eep065rkAZEWjxx49F1A7HwcRV8oyiYUrTrRwAl/QvfOrLP7/Nc\n"
	"-----END PRIVATE KEY-----\n";

static const char locked[] =
	"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	"MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjcTAlQmbqxbAICCAAw\n"
	"DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEImweH1hklfdDqoage/6kBoEgZDV\n"
	"nNhRlvoDZVRUZ177dd5PggLI8it7R7OXlNs1yPFDKOXAl72vdoMF1r5oM17Ul4uw\n"
	"u7yS19tdtnf/p7ygOMcuJy+76vUlJximI2uuTSpHY6qNI/fTKKqmFVE/nM1OeBgK\n"
	"3GnCVWs80c+9KdnJHfEf8+Rh9CFmJKcpmV5UjkCjUXlFVjrCHDZFQKF3WmKMjLo=\n"
	"-----END ENCRYPTED PRIVATE KEY-----\n";

static const char small_rsa[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAOe7Vg0pKRS6hWbM\n"
	"2I87dtCmj39rY7lXPqg7tPXZ9ZnMN64b80URWpziVYULtPEMcfjtZ5VFOtcF6ruh\n"
	"XrbSLhkwEUfmjDf0R3wPO+nRtrasBB3u7Ou6TlSyV5oPo1+uGKkGsa3gSnn+bls9\n"
	"LCTGI0gDw/bYWo4Cv1joGNfcNBKrAgMBAAECgYAYAyKElJpMKpO+NkXOecPzFP9T\n"
	"ncYko3S7rAwxWZeIi0/Nu9m2c3jnPtDLy43BWJ/Kwpb0MctKErPjI3KUES1zfi+C\n"
	"cmL3y1+3fdzZZX+ZzISYHLRCw1UcDwmd80VwoZvaDphMhmHmYATS7G/ak7j5cBcz\n"
	"jjJM0R3svFL0Pd2E+QJBAP6xKFGzMOso7FqFPiyT6ltE2d/sYx75nNSo65wTlUcR\n"
	"zTW1RaDu66DGv6GGOaLnoYQw7//YUN33RbTiCjbrDzcCQQDo6/4vk/9eyQgzg2SS\n"
	"vWt3rFseLg3OMF0WDTAru/miiDWhoAuQDQE7RIE11kh9wqMaaMgkBWx5r1BMJLmi\n"
	"p8otAkBgiLVHgiugdjpfdPFD5CyHu2j5PpezPdj7oarr1WBXN6AYI0To4qXcongv\n"
	"uLhPzouhlwrgZhUAjKCXFrXYau+xAkEAmN7SjF2BHK+qn0ycRKbnkrrfbrZhPzOE\n"
	"1MVBGWMdG2x0bqjBDgFLDqAOgcwq9cc6D0o4GVQp9s92TxNHdxbS3QJAX5TwXNdX\n"
	"r8htBC+rUCr5sToL4hJBGcuGhCEmqvFtZNe2+Jj+Bz3zNGfSKRr9Vu4n9Q8my6Ut\n"
	"5Y/d/ICywzjdMg==\n"
	"-----END PRIVATE KEY-----\n";

static const char ed25519_key[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MC4CAQAwBQYDK2VwBCIEIJZAQC/6IL1UD+FfLUfR5LByZHb3V95bsiyM3B9p5Ng3\n"
	"-----END PRIVATE KEY-----\n";

static const char public_rsa[] =
	"-----BEGIN PUBLIC KEY-----\n"
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj\n"
	"NiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz\n"
	"P1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo\n"
	"9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB\n"
	"EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX\n"
	"FvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp\n"
	"oQIDAQAB\n"
	"-----END PUBLIC KEY-----\n";

static const char unsound_rsa[] =
	"-----BEGIN RSA PRIVATE KEY-----\n"
	"MIIEpAIBAAKCAQEAofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd/wWJcyQoTbji9k0\n"
	"l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL+yRT+SFd2lZS+pC\n"
	"gNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb/7OMg0LOL+bSf63kpaSHSX\n"
	"ndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uD\n"
	"Zlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxXFvUK+DWNmoudF8NAco9/h9iaGNj8\n"
	"q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQIDAQABAoIBAEE5hgn15MJSl8n6\n"
	"eEaDz8wMnb1BuffuvZTdkvejqfPdi/26vGkpSM2RjlnpwkB2J1YugV6AgewUqFhD\n"
	"1w6S3LOpCFlM7vefJcgsz+5fJvOgPCjmmSgK9EbR3ZNY7tbyQPdVjkJONHjsjESx\n"
	"1ht/k3H0MSG/1B30LvKd1+rFi6nuPWriokYU6hMg2nFEkVRIsIwPf1irw3g8zAK+\n"
	"lr7LkbMayzEGHe12VvACneejeU81Rx4OSW/ZnHxMYjHholIEdmrGsBmX4FiSh9xr\n"
	"HnxajIjWTbRPxKSDiZh+a2JYQWv9KkHPZgcWWe4Q++J5kbCVYP2BaF8drNE1tlsQ\n"
	"vk8DNsECgYEA0IZTGsgqrIMkG6iU7RL30uh+qlbBHYSIckpf21H/r980PbA5BoRt\n"
	"N/307Jpy5wQBWFwk2PyYOZOp+iZUoP6cIh+EUoLWa9/p+0t3o6CF++up848Yg+/D\n"
	"wy33eIot5L4+dZqP1bpFPPo9qL98KfrJ/973cYaeIXHrwH+a4JehuS0CgYEAzyFJ\n"
	"RQwFc/HwP4EDWNlnxxPoMNT1o5dk8zWq9Lsa9bZXI+/Z/dtwgXtzjYyGggMxAOZw\n"
	"yeYDo6yh2YimISEHTzAf8BUN61HiIGpMWAfRx2zpQ6tH+gvg7+fDyawCL+4fjwEA\n"
	"YVPTK/odIFp4gYTm7Tm4xcNOKOEULTi3n/GgP98CgYBGrvGmp2lHtuBbe8aXohFd\n"
	"ba/Z/7RQVCeITku15VK9g/SKYJzD58m57BzEwwnl4wats/ZNkznqcnJwt+OB+yxj\n"
	"qLlK2sziHjGLHCa+0V/5aAXg6IWP24tJMuCq/HPYEODNLopJEW384HpcJCRrenZU\n"
	"hHjuA4rAnYQjaV3Peba5NQKBgQCshCPbn4SXKoaYzeK0yPb3x+vXaDhjlgAd1bBa\n"
	"/9AXoVR4+RfOqUvOfL0kw0tw1Cmnf0en0a1sUKfJYFhGNZU57nJba53ZRq0ZpI+L\n"
	"ro+aE2tB0lIzwFsMVjQrL9nug93DJOllJwU2lq5VuSSvc7tHEJGGHgJmZ/l/JMNE\n"
	"M2LubwKBgQC1OvfBQcYjYgHq/JjjpUyMQVYB56qMqMOIV8RVXeRuFL4Kigwpi8qV\n"
	"fz69NEJFayiu2n6qUd0o3awzLBeFkqfys/j+3oKG8qOR8zMkV63eFpYnI71gaRI+\n"
	"WO2qPRtvDRdabDEBfyid51MfsvF23uN5sdo0gED3i8jBLuiQFw8Kfg==\n"
	"-----END RSA PRIVATE KEY-----\n";

/* By rsa_pkcs8, with the kid k"1. */
#define SIGNED_PAYLOAD "{\"iss\":\"joe\",\"exp\":1300819380}"
static const char signed_by_another[] =
	"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImtcIjEifQ.eyJpc3MiOiJ"
	"qb2UiLCJleHAiOjEzMDA4MTkzODB9.SGRZozc1MV7C5VQ8vATkF-4P94eYuttGjWcA"
	"nf1W0s8f0hCRNyjxSTLbNA-uqUxy3n8vWOa5Unk0yjjoRrg1n2xANk2SrjsI-eUPOa"
	"UWsJ5F2PNAmC0lPlqCaCd0brDk_1K7UHHxiOBoR3SZHv93QdIRGZ2NdXJ7iJPfFgN5"
	"l31Kjn8au5_pUAFmxbmBAPzvtllTl7SgEQRfq4BR3v9gRb2D2Z7_Mmx73NuVNZHwmp"
	"GvyIGUEo5zSNp7ibM0asB8sJFOAFGcGcH45qVBB4KfOX6CBYsoTWp6eTLSCdGgl-mU"
	"1CAu_FZIoKUSHsTzzEUhWr32rzzOdbr3RFxjOyEvRw";

#endif
