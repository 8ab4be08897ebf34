// Package reach answers, end to end, who can put and get the objects of a
// bucket, and how somebody who can't may come to it.
//
// An upload or a download is several requests, and each of them is decided by
// other policies: one to S3, and, under SSE-KMS and DSSE-KMS, one that S3 makes
// to KMS for the same caller, with the bucket or the object as the encryption
// context. An object under SSE-C needs the customer's key besides, which is in a
// secret. Somebody can use the object who may make all of them.
//
// Who may not make one of them may be able to change that: by assuming a role,
// by putting code into a function that has one, by rewriting the policy that is
// in the way. Such a way is a [Path]; the shortest one of at most [MostSteps]
// steps is told.
//
// What the stacks don't make takes part as a principal that asks, never as a
// step: that somebody may assume a role outside of the stacks, the templates
// can't tell. Nor are updates of the stacks themselves steps: they are made with
// the permissions of whoever deploys.
package reach
