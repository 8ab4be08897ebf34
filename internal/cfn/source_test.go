package cfn

import (
	"fmt"
	"testing"
)

const yamlSource = `# a comment
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      Tags: !If
        - Prod
        - [{Key: a.b, Value: 1}]
        - !Ref "AWS::NoValue"
      Name:
        Fn::If: [Prod, x, !Sub "y"]
      Name: z
      Map: {a: 1, a.b: {c: 2}, "é": {d: 3}}
      Policy: '{"Statement": []}'
      Other: {a.b: {c: 2}, a: {b: 1}}
`

const jsonSource = "\ufeff{\n\t\"Resources\": {\"Data\": {\"Type\": \"\\ud83d\\ude00\",\n\t\t\"Properties\": {\"Tags\": [\n1,\n  {\"Key\": 2}]}}}}"

func TestPlacesAreThoseOfTheText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, path, want string }{
		{yamlSource, "Resources", "2:1"},
		{yamlSource, "Resources.Data", "3:3"},
		{yamlSource, "Resources.Data.Type", "4:5"},
		{yamlSource, "Resources.Data.Properties.Tags", "6:7"},
		{yamlSource, "Resources.Data.Properties.Tags.Fn::If", "6:13"},
		{yamlSource, "Resources.Data.Properties.Tags.Fn::If[1]", "8:11"},
		{yamlSource, "Resources.Data.Properties.Tags.Fn::If[1][0].Value", "8:23"},
		{yamlSource, "Resources.Data.Properties.Tags.Fn::If[2].Ref", "9:11"},
		// Not in the text: the nearest around it.
		{yamlSource, "Resources.Data.Properties.Tags[0]", "6:7"},
		{yamlSource, "Resources.Data.Properties.Versioning.Status", "5:5"},
		{yamlSource, "Resources.Data.Properties.Policy.Statement[0]", "14:7"},
		{yamlSource, "Resources.Date", "2:1"},
		{yamlSource, "Outputs.X", "0:0"},
		{yamlSource, "", "0:0"},
		// The last of two equal keys counts, and keys may have dots.
		{yamlSource, "Resources.Data.Properties.Name", "12:7"},
		{yamlSource, "Resources.Data.Properties.Map.a", "13:13"},
		{yamlSource, "Resources.Data.Properties.Map.a.b.c", "13:25"},
		{yamlSource, "Resources.Data.Properties.Other.a.b.c", "15:21"},
		{yamlSource, "Resources.Data.Properties.Map.é.d", "13:38"},
		{jsonSource, "Resources.Data.Type", "2:25"},
		{jsonSource, "Resources.Data.Properties.Tags[1].Key", "5:4"},
	} {
		s, err := ReadSource([]byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		line, column := s.Place(test.path)
		if got := fmt.Sprintf("%d:%d", line, column); got != test.want {
			t.Errorf("%s: %s, want %s", test.path, got, test.want)
		}
	}
	for _, text := range []string{"", "a: [", "a: 1\n---\nb: 2\n"} {
		if _, err := ReadSource([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
