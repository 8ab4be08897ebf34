package demo

import (
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

func TestBecauseNamesTheStatement(t *testing.T) {
	t.Parallel()
	const begin = "denied explicitly: s3:PutObject on arn:aws:s3:::b/k by arn:aws:iam::111122223333:user/u: "
	for explanation, want := range map[string]string{
		begin + "Statement[2] \"DenyOtherKey\" of bucket policy of b\n  condition ArnNotEquals s3:key matched: request has \"x\", statement lists \"y\"\n  condition Null s3:key matched: request has \"x\", statement lists \"false\"": `"DenyOtherKey" in the bucket policy of b denies a request with s3:key "x"`,
		begin + "Statement[4] \"Require\" of bucket policy of b\n  condition Null s3:key matched: request has no such key, statement lists \"true\"":                                                                                    `"Require" in the bucket policy of b denies a request without s3:key`,
		begin + "Statement[0] \"DenyAll\" of bucket policy of b": `"DenyAll" in the bucket policy of b denies it`,
		begin + "no identity policy allows it\n  near: x":        "no identity policy allows it",
	} {
		d := localaws.Decision{Caller: "arn:aws:iam::111122223333:user/u", Explanation: explanation}
		if got := (&decisions{}).because(d); got != want {
			t.Errorf("%s:\n got %s\nwant %s", explanation, got, want)
		}
		if got := (&decisions{whole: true}).because(d); got != explanation {
			t.Errorf("whole: %s", got)
		}
	}
}
