// Package constructs only explains: each of the packages below it makes one
// building block of a CDK stack, and another module can import them.
//
//   - bucket: a bucket under one encryption
//   - key: a customer managed key for a bucket
//   - keyring: the secret with the keys of an SSE-C bucket
//   - logbucket: a bucket that receives exactly the logs it is for
//   - objectfunctions: the put and get functions of a bucket
//   - replication: the two halves of a replication to another account
//   - validation: the rules, run in `cdk synth`
//   - nag: why a finding of cdk-nag does not apply
//
// All constructs have one shape. New(scope, id, Props), or NewReplica and
// NewSource where a package has two, makes the resources under the id and
// returns what others need of them. Props are plain values, and say what is
// required and what an absent one means. Account, Region and partition are those
// of the scope's stack. What is missing, contradicts itself, or could not work
// once deployed is refused: New panics, as the CDK's constructs do, with a line
// for each fault that begins with the construct's path.
//
// This is version 0: names may change from one release to the next, and logical
// ids of what is deployed do not.
package constructs
