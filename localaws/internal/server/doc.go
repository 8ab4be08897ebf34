// Package server is the front door of the local AWS: one HTTPS listener on the
// loopback interface that authenticates every request with Signature Version
// 4, as header or presigned URL, and hands it to the service that the
// signature's credential scope names.
//
// The certificate comes from an authority that is made at start, lives in
// memory and is known only to clients that are given its PEM. A second,
// plain HTTP listener is optional, to see what refuses requests without TLS.
//
// Unsigned requests are S3's anonymous ones, unless their form says that they
// are for a service that has no anonymous callers.
//
// Not here: SigV4A and Signature Version 2 (refused by name), virtual-hosted
// addresses (likewise), signatures in POST forms, and paths with
// dot segments outside S3, whose signatures never match.
package server
