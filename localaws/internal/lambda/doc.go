// Package lambda is the local AWS Lambda: functions of the runtime
// provided.al2023, run as processes of this machine. Functions of other runtimes
// are made and shown; only to invoke them is refused.
//
// CloudFormation makes functions and permissions through [Service.Providers];
// the operations Invoke and InvokeWithResponseStream and [Service.Invoke] invoke
// functions. A function's code
// is a zip archive in S3, such as the CDK puts there. Its bootstrap talks to a
// Runtime API on a private port of 127.0.0.1. It gets credentials of a session of
// the function's role and the endpoint of the local AWS, and nothing of this
// process's own environment.
//
// An event source mapping polls a queue with the rights of the function's role, and
// deletes what the function has processed.
//
// A sandbox (a process with its private folder) is used again by later
// invocations, one at a time, and ended when the function changes, when a
// timeout or crash ends it, and by [Service.Close]. It is no security boundary:
// the code runs as this user, with its network and its file system. Its memory
// size is told to the function and shown in the log, but not enforced.
//
// Not carried out, and refused by name: code for an architecture that this
// machine does not have, container images, layers, VPCs, file systems,
// dead-letter queues, versions, aliases, URLs and event sources other than SQS.
package lambda
