// Package logdelivery knows which log arrives in which bucket.
//
// AWS accepts many combinations of a log and a destination bucket that then
// deliver nothing, or something that nobody can read, without an error. Whether
// one works depends on the log's path (the same access logs can go by an
// attribute of the load balancer or as vended logs of CloudWatch) and on the
// default encryption of the destination. Lookup answers for each pair, with the
// page that says so:
//
//	c := logdelivery.Lookup(logdelivery.ALBAccess, encryption.SSEKMSCMK)
//	c.Verdict // logdelivery.Refused
//	c.Reason  // "the only server-side encryption that's supported is SSE-S3"
//
// A Delivery is one log from one account and Region; Destination.Check says
// what is wrong with sending deliveries to a bucket: what would not arrive, or
// what would be logged in turn. The policy statements that they need are in
// package policy.
//
// The package is data and plain values: one row for each Source, with what it
// has in common with others in its Family, and how a template sends it in its
// Setting. Nothing in it was tried on AWS: every cell is what a page of the
// documentation says, or "unknown" where none does.
package logdelivery
