// Package s3 is the S3 of the local AWS: the REST/XML protocol, path style,
// state in memory, and every call decided by policy.
//
//	svc, err := s3.New(s3.Options{
//		Authorizer: authorizer, KMS: kms, STS: sts,
//		Now: time.Now, Principals: directory,
//	})
//	defer svc.Close()
//	svc.Serve(w, r, call) // r.URL.Path is /bucket/key
//
// What it is strict about:
//
//   - Object bodies are held as ciphertext only, under every encryption mode:
//     AES-256-GCM in frames of at most 64 KiB under a key of its own for each version
//     and part. Bodies over 4 MiB go to files in a private folder that Close
//     removes. [Service.Holds] scans all that is held for a plaintext.
//   - SSE-KMS and DSSE-KMS keys come from KMS on behalf of the requester, so
//     that key policies decide on PUT and on GET. SSE-C keys are not kept: only
//     a salted HMAC is, to tell the right key from a wrong one.
//   - A condition key is in the request context only if the request carries
//     the header or parameter, or UpdateObjectEncryption the element. Bucket
//     defaults don't fill one in.
//   - An operation, subresource, header or parameter that is not carried out
//     is refused with NotImplemented and its name, never ignored. Object Lock,
//     ACLs other than the owner's, websites, requester pays,
//     acceleration and torrents are among them.
//   - Versions become visible whole or not at all; a reader sees one version
//     even while it is overwritten or deleted.
//
// Replication runs in one worker, and each of its requests to the destination is
// decided by itself; [Service.WaitReplication] waits for it and
// [Service.ReplicationFailures] says what failed and why. Of rules with metrics on,
// they are published, and failures are told by notifications. Package s3control
// replicates what is there already, by [Service.ReplicateExisting].
//
// Notifications go to queues, topics, functions and EventBridge. Lifecycle and
// metrics configurations are recorded and returned; nothing expires. Server access logs and inventories are
// delivered by package s3delivery: Options.AfterRequest gives it the facts of
// each finished request.
//
// Where AWS's documents leave a question open, the code refuses, and says so
// there.
package s3
