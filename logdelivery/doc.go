// Package logdelivery knows which log arrives in which bucket.
//
// AWS accepts many combinations of a log and a destination bucket that deliver
// nothing, or something that nobody can read, and reports no error. Whether a
// combination works depends on the log's path and on the default encryption of
// the destination. (A load balancer, for example, sends its access logs either
// by an attribute of its own or as vended logs of CloudWatch.) Lookup answers
// for each pair, and names the page that says so:
//
//	c := logdelivery.Lookup(logdelivery.ALBAccess, encryption.SSEKMSCMK)
//	c.Verdict // logdelivery.Refused
//	c.Reason  // "the only server-side encryption that's supported is SSE-S3"
//
// A Delivery is one log from one account and Region. Destination.Check says
// what is wrong with sending deliveries to a bucket: which would not arrive, and
// which would be logged in turn. Package policy has the policy statements that
// deliveries need.
//
// The package is data: one row for each Source. Its Family holds what it has in
// common with other sources, its Setting how a template sends it. The package
// sends nothing, and nothing in it was tried on AWS: every cell is what a page
// of the documentation says, or "unknown" where no page says it.
//
// Writers are the other properties of a template by which a service writes logs,
// reports or results into a bucket, with what little the pages say of them.
//
// This is version 0: names may change from one release to the next.
package logdelivery
