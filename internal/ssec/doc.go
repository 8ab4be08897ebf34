// Package ssec holds the keys of SSE-C, Amazon S3's server-side encryption
// with customer-provided keys: a Key, the Ring of keys that one Secrets Manager
// secret holds, and the Source that reads the ring from the secret.
//
// S3 stores no SSE-C key: each request sends it, and S3 forgets it. Without the
// key, nobody can read the object. If the secret held one key only, its first
// rotation would make every older object unreadable. So the secret holds a key
// ring: a rotation adds a key (package rotation), and only a key that no object
// needs is retired (package sweep). Each object carries the id of its key in the
// tag named [KeyIDTag]. It is a tag because S3 returns tags without the key, and
// metadata only with it.
//
// # The secret
//
// The secret's text is one JSON object. Every value is a string but v:
//
//	{"v":1,"primary":"k0","k0":"<64 hexadecimal digits>"}
//
//	v        the format's version, the number 1
//	primary  the id of the key for new objects
//	parent   optional: the secret version from which a rotation made this ring
//	others   key id -> 256-bit key, 64 hexadecimal digits; ids are 1-64 of
//	         A-Z a-z 0-9 . _ -
//
// A text of exactly 32 bytes that does not begin with a brace is itself one key,
// with the id "legacy", such as a password of 32 characters that
// GenerateSecretString made. In a ring, such a key keeps the id "legacy", and its
// 32 bytes are written in hexadecimal.
//
// Everything else is a [BadSecretError], which never quotes the secret.
//
// # Secrecy
//
// A Key prints as [KEY REDACTED] under every fmt verb, in JSON and in log/slog,
// also as part of another value. Two methods give it away: [Key.Customer], to the three
// parameters of an S3 request, and [Key.WriteFile], to a file of one's own.
package ssec
