// Package s3delivery delivers what S3 itself writes into buckets: server access
// logs and inventories.
//
//	d := s3delivery.New(s3delivery.Options{S3: s3, Now: time.Now, Tick: ticker.C})
//	defer d.Close()
//	d.Record(finished)    // s3.Options.AfterRequest
//	d.DeliverLogs(ctx)    // also at each tick
//	d.DeliverInventory(ctx)
//	d.Failures()
//
// Each file is an upload by the service principal logging.s3.amazonaws.com or
// s3.amazonaws.com, with aws:SourceArn and aws:SourceAccount of the bucket that
// it is about: the policies of the target bucket and of its key decide. As on AWS,
// whoever set a delivery up is not told that it was refused; here Failures says
// why.
//
// What becomes of a server access log in a bucket under SSE-KMS is documented
// as "not supported", and that S3 might deliver it encrypted with a key that
// the bucket's owner can't access. Here it follows from the policies:
//
//   - Under a customer managed key, or aws/s3 of the bucket's account by its
//     ARN: the key's policy decides. Without a statement for the service, as
//     no page prints one, nothing arrives. With one the log arrives and can be
//     read; whether it would on AWS, no page says.
//   - Under aws/s3 without a key id: S3 uses the key of the account that
//     writes, which is a log delivery account of AWS's. The log arrives, and
//     nobody in the bucket's account can read it.
//
// The same holds for inventories, of which a page says that aws/s3 is not
// supported.
//
// Not logged, other than on AWS: requests whose signature is refused, what
// replication reads and writes, and the single objects of DeleteObjects. The
// record of a download that is too large for the connection's buffers can come
// with the next delivery.
//
// Inventories are delivered when DeliverInventory is called; AWS takes up to 48
// hours for the first one, and then a day or a week.
//
// Sources: S3 user guide, enable-server-access-logging, ServerLogs, LogFormat,
// storage-inventory, storage-inventory-location, configure-inventory.
package s3delivery
