package iam

import "testing"

// BenchmarkEvaluate decides uploads to the bucket of oneKey: four conditional
// statements, an identity policy, and the explanation left unread.
func BenchmarkEvaluate(b *testing.B) {
	p := Policies{
		Identity: sources(b, "identity", lambdaSSEC+","+`{"Effect":"Allow","Action":"s3:Put*","Resource":"arn:aws:s3:::data/*"}`),
		Resource: source(b, "bucket policy", oneKey), PublicAccess: &PublicAccessBlock{RestrictPublicBuckets: true},
	}
	requests := []Request{
		with(put(putRole), encryption, "aws:kms", keyID, keyARN, "aws:SecureTransport", "true"),
		with(put(putRole), encryption, "aws:kms", keyID, foreign, "aws:SecureTransport", "true"),
		put(mallory),
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Evaluate(requests[i%len(requests)], p)
	}
}

func BenchmarkParseDocument(b *testing.B) {
	data := []byte(`{"Version":"2012-10-17","Statement":[` + oneKey + `]}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseDocument(data); err != nil {
			b.Fatal(err)
		}
	}
}
