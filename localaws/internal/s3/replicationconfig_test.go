package s3

import (
	"strings"
	"testing"
)

func TestPutBucketReplicationRefusals(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.build()
	const head = `<ReplicationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Role>arn:aws:iam::111122223333:role/replication</Role><Rule>`
	const foot = `</Rule></ReplicationConfiguration>`
	status, priority, markers := `<Status>Enabled</Status>`, `<Priority>1</Priority>`, `<DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication>`
	filter := `<Filter><Prefix></Prefix></Filter>`
	destination := `<Destination><Bucket>` + targetARN + `</Bucket></Destination>`
	kms := `<SourceSelectionCriteria><SseKmsEncryptedObjects><Status>Enabled</Status></SseKmsEncryptedObjects></SourceSelectionCriteria>`
	withKey := `<Destination><Bucket>` + targetARN + `</Bucket><EncryptionConfiguration><ReplicaKmsKeyID>no-such-key</ReplicaKmsKeyID></EncryptionConfiguration></Destination>`
	for name, e := range map[string]struct {
		bucket, rule  string
		status        int
		code, message string
	}{
		"fine":                       {sourceBucket, status + priority + filter + markers + destination, 200, "", ""},
		"key that doesn't exist":     {sourceBucket, status + priority + filter + markers + kms + withKey, 200, "", ""},
		"first schema":               {sourceBucket, status + `<Prefix>a</Prefix>` + destination, 200, "", ""},
		"no priority":                {sourceBucket, status + filter + markers + destination, 400, "InvalidRequest", "Priority must be specified"},
		"no delete markers":          {sourceBucket, status + filter + priority + destination, 400, "InvalidRequest", "DeleteMarkerReplication must be specified"},
		"key without opt-in":         {sourceBucket, status + priority + filter + markers + withKey, 400, "InvalidRequest", "SseKmsEncryptedObjects must be specified"},
		"opt-in without key":         {sourceBucket, status + priority + filter + markers + kms + destination, 400, "InvalidRequest", "ReplicaKmsKeyID must be specified"},
		"destination missing":        {sourceBucket, status + priority + filter + markers + `<Destination><Bucket>arn:aws:s3:::none</Bucket></Destination>`, 400, "InvalidRequest", "Destination bucket must exist."},
		"markers with a tag filter":  {sourceBucket, status + priority + `<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter><DeleteMarkerReplication><Status>Enabled</Status></DeleteMarkerReplication>` + destination, 400, "InvalidRequest", "Tag filter"},
		"time control alone":         {sourceBucket, status + priority + filter + markers + `<Destination><Bucket>` + targetARN + `</Bucket><ReplicationTime><Status>Enabled</Status></ReplicationTime></Destination>`, 400, "InvalidRequest", "both ReplicationTime and Metrics"},
		"element that nobody knows":  {sourceBucket, status + priority + filter + markers + destination + `<Speed>high</Speed>`, 501, "NotImplemented", "ReplicationConfiguration/Rule/Speed"},
		"source not versioned":       {"acme-plain", status + priority + filter + markers + destination, 400, "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration"},
		"existing objects":           {sourceBucket, status + priority + filter + markers + destination + `<ExistingObjectReplication><Status>Enabled</Status></ExistingObjectReplication>`, 400, "InvalidRequest", ""},
		"ownership without account":  {sourceBucket, status + priority + filter + markers + `<Destination><Bucket>` + targetARN + `</Bucket><AccessControlTranslation><Owner>Destination</Owner></AccessControlTranslation></Destination>`, 400, "InvalidRequest", "Account"},
		"account that isn't its own": {sourceBucket, status + priority + filter + markers + `<Destination><Bucket>` + targetARN + `</Bucket><Account>111122223333</Account></Destination>`, 400, "InvalidRequest", "Account"},
	} {
		if e.bucket == "acme-plain" {
			p.bucket(home, e.bucket, noRule)
		}
		a := p.send(p.tls, "PUT", "/"+e.bucket+"?replication", head+e.rule+foot, nil)
		if a.status != e.status || a.err.Code != e.code || !strings.Contains(a.err.Message, e.message) {
			t.Errorf("%s: %d %s %q, want %d %s %q", name, a.status, a.err.Code, a.err.Message, e.status, e.code, e.message)
		}
	}
	a := p.send(p.tls, "PUT", "/"+sourceBucket+"?versioning", `<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>`, nil)
	if a.status != 409 || a.err.Code != "InvalidBucketState" {
		t.Errorf("suspending versioning under replication: %d %+v", a.status, a.err)
	}
}
