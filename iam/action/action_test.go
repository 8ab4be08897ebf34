package action

import "testing"

func TestActionsAreOnObjectsOrOnABucket(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]struct{ objects, bucket bool }{
		"s3:GetObject":               {true, false},
		"S3:getobject":               {true, false},
		"s3:ReplicateTags":           {true, false}, // its name doesn't tell
		"s3:ListBucket":              {false, true},
		"s3:GetBucketLocation":       {false, true},
		"s3:ListMultipartUploadPart": {false, false},
		"s3:Put*":                    {true, true},
		"s3:*ObjectTagging":          {true, false},
		"s3:ListAllMyBuckets":        {false, false}, // of an account
		"kms:Decrypt":                {false, false},
		"*":                          {false, false},
		"s3:[":                       {false, false},
	} {
		if objects, bucket := OnObjects(pattern), OnBuckets(pattern); objects != want.objects || bucket != want.bucket {
			t.Errorf("%s: on objects %v, on a bucket %v, want %+v", pattern, objects, bucket, want)
		}
	}
	for _, a := range objectActions {
		if OnBuckets("s3:" + a) {
			t.Errorf("%s is on objects and on a bucket", a)
		}
	}
}
