package template

import "testing"

func TestGivenValueMustBeAllowed(t *testing.T) {
	t.Parallel()
	s := worldStack(t)
	s.Parameters = map[string]string{"Choice": "test"}
	_, err := s.Resolve(map[string]any{"Ref": "Choice"}, "Here")
	if err == nil || err.Error() != `Dev-Source: Parameters.Choice: value "test" is not one of the AllowedValues` {
		t.Error(err)
	}
}

func TestPartitions(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"cn-north-1":     "arn:aws-cn:s3:::x x.s3.cn-north-1.amazonaws.com.cn",
		"us-gov-west-1":  "arn:aws-us-gov:s3:::x x.s3.us-gov-west-1.amazonaws.com",
		"eusc-de-east-1": "arn:aws-eusc:s3:::x x.s3.eusc-de-east-1.amazonaws.eu",
		"us-isob-east-1": "arn:aws-iso-b:s3:::x x.s3.us-isob-east-1.sc2s.sgov.gov",
	} {
		s := stackOf(t, `{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "x"}}}}`)
		s.Region = region
		got, err := s.Resolve(map[string]any{"Fn::Sub": "${B.Arn} ${B.RegionalDomainName}"}, "Here")
		if err != nil || got != want {
			t.Errorf("%s: %v %v, want %s", region, got, err, want)
		}
	}
}
