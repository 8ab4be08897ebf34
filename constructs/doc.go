// Package constructs is documentation only. Each of the packages below it makes
// one building block of a CDK stack, and another module can import it.
//
//   - alarms: the CloudWatch alarms of a stage
//   - bucket: a bucket under one encryption
//   - dashboard: the CloudWatch dashboard of a stage
//   - function: what the constructs below return of a Lambda function
//   - key: a customer managed key for a bucket
//   - keyring: the secret with the keys of an SSE-C bucket
//   - logbucket: a bucket that receives the logs it is made for, and no others
//   - objectfunctions: the functions of a bucket, such as put and get
//   - outputs: what people see after a deployment
//   - replication: the two halves of a replication to another account
//   - rotation: the rotation of an SSE-C bucket's keys
//   - sweep: what moves an SSE-C bucket's objects to the primary key
//   - topic: an SNS topic for alarms
//   - validation: the rules, run in `cdk synth`
//   - nag: why a finding of cdk-nag does not apply
//
// All constructs have one shape:
//
//	made := key.New(stack, "Key", key.Props{Description: "invoices", BucketName: name})
//
// New, or NewReplica and NewSource where a package has two, makes the resources
// under the id and returns what others need of them: texts, and where the CDK has
// more to give, such as grants, a method that returns its own object. Props are plain values; each
// field says whether it is required and what its default is. Account, Region and
// partition are those of the scope's stack. New panics, as the CDK's constructs
// do, on Props that lack something, contradict themselves, or could not work once
// deployed. The panic has a line for each fault, which begins with the
// construct's path.
//
// This is version 0: names may change from one release to the next. The logical
// ids of what is deployed do not.
package constructs
