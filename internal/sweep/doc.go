// Package sweep brings the objects of a bucket under SSE-C to the primary key of
// their ring, and retires a key that no object needs.
//
// # Sweep
//
// A [Sweeper] looks at every version of the bucket and finds the key of the ring
// that opens it. A current version under another key than the primary is copied
// onto itself under the primary. The copy is a new version with the same bytes,
// metadata, tags, storage class, annotations, and, if it is asked to copy what is
// under Object Lock, the same lock. The tag [ssec.KeyIDTag] names the new key.
//
// A put or a delete that comes between the look and the copy wins: the copy asks
// S3 to go ahead only if the source and the destination still have the ETag that
// was looked at. Otherwise it looks again. A delete marker has no ETag, so nothing
// that was deleted comes back.
//
// What stays under its old key is counted, by key and [State]: noncurrent
// versions, for a copy always becomes the current version; versions under Object
// Lock, which would stay beside their copy; archived ones, which must be restored
// first. Only their end lets a key retire.
//
// Running a sweep again is harmless. A sweep that ends early gives a [Cursor]
// from which the next one goes on.
//
// Two things can't be kept. The lifecycle's clock and the noncurrent versions'
// count begin anew, since the copy is a new version; notifications and replication
// see it as one. And S3 has no condition on tags: if somebody changes them between
// the look and the copy, the copy has the old ones, and only the version that it
// replaces, if the bucket keeps it, has the new.
//
// # Retirement
//
// [Retirement.Retire] takes a key out of the ring. That must not leave an object
// behind that needs it, so it goes by this order:
//
//  1. The secret has not changed for longer than [Grace], so that nobody still
//     writes under a key that is no longer the primary.
//  2. Only then a pass over all versions begins, noncurrent ones too. Each must be
//     opened by a key that stays; tags are not believed.
//  3. The secret is still the same version, unchanged.
//  4. The ring without the key becomes AWSCURRENT if the ring that was read still
//     is. A rotation that was faster wins.
//
// # The function
//
// Its environment has BUCKET_NAME, SECRET_ARN, and what every AWS SDK reads. With
// METRICS=true a pass over the whole bucket, also one that looks only, writes the
// metric OldestKeyDays. Its events, and their answers:
//
//	{}                           sweeps until its time ends: {"done":false,"cursor":…,"report":…}
//	{"plan":true}                looks only
//	such an answer               goes on with that sweep
//	{"Items":[{"Key":…},…]}      moves these objects: a batch of a Distributed Map
//	{"invocationSchemaVersion":"1.0","tasks":[…]}
//	                             moves these objects: a task of S3 Batch Operations
//
// Failures are typed as those of package function. Each event can be sent again.
package sweep
