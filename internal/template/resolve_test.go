package template

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/cfn"
)

// world is the template in which the expressions of the tables below stand.
const world = `{
  "Parameters": {
    "Plain":   {"Type": "String", "Default": "plain"},
    "Given":   {"Type": "String", "Default": "default"},
    "Number":  {"Type": "Number", "Default": 30},
    "List":    {"Type": "CommaDelimitedList", "Default": "a, b,c"},
    "Subnets": {"Type": "List<AWS::EC2::Subnet::Id>", "Default": "subnet-1,subnet-2"},
    "Nothing": {"Type": "String"},
    "Choice":  {"Type": "String", "Default": "dev", "AllowedValues": ["dev", "prod"]},
    "Secret":  {"Type": "String", "Default": "{{resolve:secretsmanager:db:SecretString}}"},
    "SSM":     {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/a/b"}
  },
  "Mappings": {"Map": {"top": {"second": "found", "list": ["x", "y"]}}},
  "Conditions": {
    "Yes":     {"Fn::Equals": ["a", "a"]},
    "No":      {"Fn::Not": [{"Condition": "Yes"}]},
    "Unknown": {"Fn::Equals": [{"Ref": "Nothing"}, "a"]},
    "Loop":    {"Fn::Not": [{"Condition": "Pool"}]},
    "Pool":    {"Fn::Not": [{"Condition": "Loop"}]},
    "Odd":     "Yes and no"
  },
  "Resources": {
    "Bucket":   {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "data-${AWS::Region}"}}},
    "Anon":     {"Type": "AWS::S3::Bucket"},
    "NoName":   {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::If": ["No", "x", {"Ref": "AWS::NoValue"}]}}},
    "Empty":    {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": ""}},
    "Named":    {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Nothing"}}},
    "CycleA":   {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "${CycleB}-a"}}},
    "CycleB":   {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "${CycleA}-b"}}},
    "Key":      {"Type": "AWS::KMS::Key"},
    "Multi":    {"Type": "AWS::KMS::Key", "Properties": {"MultiRegion": true}},
    "Alias":    {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/data"}},
    "BadAlias": {"Type": "AWS::KMS::Alias"},
    "Role":     {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "reader", "Path": "/team/"}},
    "Managed":  {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"ManagedPolicyName": "read"}},
    "Function": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "put"}},
    "Ring":     {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "ring"}},
    "Logs":     {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/put"}},
    "Queue":    {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}},
    "Topic":    {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}},
    "BusRule":  {"Type": "AWS::Events::Rule", "Properties": {"Name": "r", "EventBusName": "bus"}},
    "Custom":   {"Type": "Custom::Thing"},
    "Off":      {"Type": "AWS::S3::Bucket", "Condition": "No"},
    "Perhaps":  {"Type": "AWS::S3::Bucket", "Condition": "Unknown", "Properties": {"BucketName": "perhaps"}}
  }
}`

func worldStack(t testing.TB) *Stack {
	t.Helper()
	s := stackOf(t, world)
	s.Account, s.Region, s.Name = "111122223333", "eu-west-1", "Dev-Source"
	s.Parameters = map[string]string{"Given": "given"}
	return s
}

func stackOf(t testing.TB, text string) *Stack {
	t.Helper()
	tmpl, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s := &Stack{Name: "Test"}
	s.bind(tmpl)
	NewAssembly(s)
	return s
}

func decode(t testing.TB, text string) any {
	t.Helper()
	document, err := cfn.Decode([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return document.Value
}

func encode(t testing.TB, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestResolveGives(t *testing.T) {
	t.Parallel()
	s := worldStack(t)
	for name, c := range map[string]struct{ expr, want string }{
		"literals":                         {`{"a": ["x", 1, 1.50, true, {}]}`, `{"a":["x",1,1.50,true,{}]}`},
		"a number of any length":           {`111122223333444455556666`, `111122223333444455556666`},
		"Ref parameter default":            {`{"Ref": "Plain"}`, `"plain"`},
		"Ref parameter given":              {`{"Ref": "Given"}`, `"given"`},
		"Ref number parameter":             {`{"Ref": "Number"}`, `"30"`},
		"Ref list parameter":               {`{"Ref": "List"}`, `["a","b","c"]`},
		"Ref typed list parameter":         {`{"Ref": "Subnets"}`, `["subnet-1","subnet-2"]`},
		"Ref AccountId":                    {`{"Ref": "AWS::AccountId"}`, `"111122223333"`},
		"Ref Region":                       {`{"Ref": "AWS::Region"}`, `"eu-west-1"`},
		"Ref Partition":                    {`{"Ref": "AWS::Partition"}`, `"aws"`},
		"Ref URLSuffix":                    {`{"Ref": "AWS::URLSuffix"}`, `"amazonaws.com"`},
		"Ref StackName":                    {`{"Ref": "AWS::StackName"}`, `"Dev-Source"`},
		"NoValue alone":                    {`{"Ref": "AWS::NoValue"}`, `null`},
		"NoValue removes a property":       {`{"a": {"Ref": "AWS::NoValue"}, "b": "x"}`, `{"b":"x"}`},
		"NoValue removes an element":       {`["a", {"Ref": "AWS::NoValue"}, "b"]`, `["a","b"]`},
		"Ref bucket with name":             {`{"Ref": "Bucket"}`, `"data-eu-west-1"`},
		"Ref key alias":                    {`{"Ref": "Alias"}`, `"alias/data"`},
		"Ref managed policy is its ARN":    {`{"Ref": "Managed"}`, `"arn:aws:iam::111122223333:policy/read"`},
		"Ref queue is its URL":             {`{"Ref": "Queue"}`, `"https://sqs.eu-west-1.amazonaws.com/111122223333/q"`},
		"Ref topic is its ARN":             {`{"Ref": "Topic"}`, `"arn:aws:sns:eu-west-1:111122223333:t"`},
		"Ref of unknown condition":         {`{"Ref": "Perhaps"}`, `"perhaps"`},
		"GetAtt bucket":                    {`{"Fn::GetAtt": ["Bucket", "Arn"]}`, `"arn:aws:s3:::data-eu-west-1"`},
		"GetAtt as one string":             {`{"Fn::GetAtt": "Bucket.RegionalDomainName"}`, `"data-eu-west-1.s3.eu-west-1.amazonaws.com"`},
		"GetAtt attribute by parameter":    {`{"Fn::GetAtt": ["Bucket", {"Fn::Select": [0, ["Arn"]]}]}`, `"arn:aws:s3:::data-eu-west-1"`},
		"GetAtt role with path":            {`{"Fn::GetAtt": ["Role", "Arn"]}`, `"arn:aws:iam::111122223333:role/team/reader"`},
		"GetAtt function":                  {`{"Fn::GetAtt": ["Function", "Arn"]}`, `"arn:aws:lambda:eu-west-1:111122223333:function:put"`},
		"GetAtt log group":                 {`{"Fn::GetAtt": ["Logs", "Arn"]}`, `"arn:aws:logs:eu-west-1:111122223333:log-group:/put:*"`},
		"GetAtt queue":                     {`{"Fn::GetAtt": ["Queue", "Arn"]}`, `"arn:aws:sqs:eu-west-1:111122223333:q"`},
		"Sub":                              {`{"Fn::Sub": "a ${Plain} ${AWS::Region} ${Bucket.Arn}"}`, `"a plain eu-west-1 arn:aws:s3:::data-eu-west-1"`},
		"Sub literal":                      {`{"Fn::Sub": "${!aws:username} $x ${!}"}`, `"${aws:username} $x ${}"`},
		"Sub variables win":                {`{"Fn::Sub": ["${Plain}-${x.y}", {"Plain": {"Ref": "Given"}, "x.y": 5}]}`, `"given-5"`},
		"Join":                             {`{"Fn::Join": [":", ["a", 1, true, {"Ref": "AWS::NoValue"}, {"Ref": "Plain"}]]}`, `"a:1:true:plain"`},
		"Join a list parameter":            {`{"Fn::Join": ["", {"Ref": "List"}]}`, `"abc"`},
		"Select":                           {`{"Fn::Select": ["1", {"Ref": "List"}]}`, `"b"`},
		"Split":                            {`{"Fn::Split": ["-", {"Ref": "AWS::Region"}]}`, `["eu","west","1"]`},
		"FindInMap":                        {`{"Fn::FindInMap": ["Map", "top", "second"]}`, `"found"`},
		"FindInMap of a list":              {`{"Fn::FindInMap": ["Map", "top", "list"]}`, `["x","y"]`},
		"FindInMap default":                {`{"Fn::FindInMap": ["Map", "no", "second", {"DefaultValue": {"Ref": "Plain"}}]}`, `"plain"`},
		"If true":                          {`{"Fn::If": ["Yes", "then", {"Ref": "Nothing"}]}`, `"then"`},
		"If false":                         {`{"Fn::If": ["No", {"Ref": "Nothing"}, "else"]}`, `"else"`},
		"If within If":                     {`{"Fn::If": ["No", "a", {"Fn::If": ["Yes", {"Ref": "Plain"}, "c"]}]}`, `"plain"`},
		"Equals of scalars":                {`{"Fn::Equals": ["true", true]}`, `true`},
		"Equals is case-sensitive":         {`{"Fn::Equals": ["A", "a"]}`, `false`},
		"And":                              {`{"Fn::And": [{"Condition": "Yes"}, {"Fn::Not": [{"Condition": "No"}]}]}`, `true`},
		"And with one false":               {`{"Fn::And": [{"Condition": "Unknown"}, {"Condition": "No"}]}`, `false`},
		"Or":                               {`{"Fn::Or": [{"Condition": "No"}, {"Fn::Equals": ["a", "b"]}]}`, `false`},
		"Or with one true":                 {`{"Fn::Or": [{"Condition": "Unknown"}, {"Condition": "Yes"}]}`, `true`},
		"Base64":                           {`{"Fn::Base64": {"Ref": "Plain"}}`, `"cGxhaW4="`},
		"Length":                           {`{"Fn::Length": {"Ref": "List"}}`, `3`},
		"ToJsonString":                     {`{"Fn::ToJsonString": {"b": {"Ref": "Plain"}, "a": ["<"]}}`, `"{\"a\":[\"<\"],\"b\":\"plain\"}"`},
		"a policy's Condition stays":       {`{"Condition": {"Bool": {"aws:SecureTransport": "false"}}}`, `{"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`},
		"Ref next to other keys is a name": {`{"Ref": "x", "Other": "y"}`, `{"Other":"y","Ref":"x"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := s.Resolve(decode(t, c.expr), "Here")
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			enc := json.NewEncoder(&text)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, strings.TrimSpace(text.String())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestResolveRefuses(t *testing.T) {
	t.Parallel()
	s := worldStack(t)
	for name, c := range map[string]struct{ expr, want string }{
		"null":                       {`{"a": null}`, `Here.a: null: CloudFormation has no null values`},
		"Ref of a list":              {`{"Ref": ["a"]}`, `Here.Ref: must be a string, not a list`},
		"Ref to nothing":             {`{"a": [{"Ref": "Nobody"}]}`, `Here.a[0].Ref: no parameter or resource "Nobody" in the template`},
		"Ref to no pseudo parameter": {`{"Ref": "AWS::Planet"}`, `Here.Ref: no pseudo parameter AWS::Planet`},
		"Ref to what is switched off": {`{"Ref": "Off"}`,
			`Here.Ref: resource "Off" isn't created: its condition No is false`},
		"Ref to an empty name": {`{"Ref": "Empty"}`,
			`Here.Ref: Empty: Dev-Source: Resources.Empty.Properties.BucketName: must be a string that isn't empty`},
		"Ref to what needs a name": {`{"Ref": "BadAlias"}`,
			`Here.Ref: BadAlias: Dev-Source: Resources.BadAlias.Properties: has no name, and CloudFormation gives AWS::KMS::Alias none`},
		"names in a cycle": {`{"Ref": "CycleA"}`, `circular reference: resource CycleA -> resource CycleB -> resource CycleA`},
		"conditions in a cycle": {`{"Fn::If": ["Loop", "a", "b"]}`,
			`circular reference: condition Loop -> condition Pool -> condition Loop`},
		"GetAtt without attribute":        {`{"Fn::GetAtt": "Bucket"}`, `Here.Fn::GetAtt: needs a logical id and an attribute`},
		"GetAtt of three":                 {`{"Fn::GetAtt": ["a", "b", "c"]}`, `Here.Fn::GetAtt: needs a list of a logical id and an attribute`},
		"GetAtt of nothing":               {`{"Fn::GetAtt": ["Nobody", "Arn"]}`, `no parameter or resource "Nobody"`},
		"Sub of a number":                 {`{"Fn::Sub": 5}`, `Here.Fn::Sub: needs a string, or a list of a string and a mapping`},
		"Sub without end":                 {`{"Fn::Sub": "a ${b"}`, `Here.Fn::Sub: a ${ without }`},
		"Sub of a policy variable":        {`{"Fn::Sub": "${aws:username}"}`, `Here.Fn::Sub: no parameter or resource "aws:username"`},
		"Sub of a strange name":           {`{"Fn::Sub": "${ Pla in }"}`, `for a literal write ${! Pla in }`},
		"Sub of a list":                   {`{"Fn::Sub": "${List}"}`, `Here.Fn::Sub: ${List} must be a string, not a list`},
		"Sub of NoValue":                  {`{"Fn::Sub": "${AWS::NoValue}"}`, `${AWS::NoValue} must be a string, not AWS::NoValue`},
		"Join of a string":                {`{"Fn::Join": ["", "abc"]}`, `Here.Fn::Join[1]: must be a list, not a string`},
		"Join of lists":                   {`{"Fn::Join": ["", [["a"]]]}`, `Here.Fn::Join[1][0]: must be a string, not a list`},
		"Join of one":                     {`{"Fn::Join": ["a"]}`, `Here.Fn::Join: needs a list of a delimiter and a list`},
		"Select beyond the end":           {`{"Fn::Select": [3, {"Ref": "List"}]}`, `Here.Fn::Select: no element 3 in a list of 3`},
		"Select before the start":         {`{"Fn::Select": [-1, ["a"]]}`, `no element -1 in a list of 1`},
		"Select by name":                  {`{"Fn::Select": ["a", ["a"]]}`, `Here.Fn::Select[0]: "a" is not an index`},
		"Split by nothing":                {`{"Fn::Split": ["", "a"]}`, `Here.Fn::Split[0]: the delimiter is empty`},
		"FindInMap of nothing":            {`{"Fn::FindInMap": ["Map", "top", "third"]}`, `Here.Fn::FindInMap: no Map.top.third in Mappings`},
		"FindInMap of two":                {`{"Fn::FindInMap": ["Map", "top"]}`, `needs a list of a map's name and two keys`},
		"If of two":                       {`{"Fn::If": ["Yes", "a"]}`, `Here.Fn::If: needs a list of a condition and two values`},
		"If without such condition":       {`{"Fn::If": ["Perhaps", "a", "b"]}`, `Here.Fn::If[0]: no condition "Perhaps" in Conditions`},
		"If of a condition that is none":  {`{"Fn::If": ["Odd", "a", "b"]}`, `no condition "Yes and no"`},
		"And of one":                      {`{"Fn::And": [{"Condition": "Yes"}]}`, `needs a list of 2 to 10 conditions`},
		"Not of a value":                  {`{"Fn::Not": [{"Ref": "Plain"}]}`, `Here.Fn::Not[0]: must be a condition`},
		"Equals of three":                 {`{"Fn::Equals": ["a", "a", "a"]}`, `needs a list of two values`},
		"Length of a string":              {`{"Fn::Length": "abc"}`, `Here.Fn::Length: must be a list, not a string`},
		"ToJsonString of a string":        {`{"Fn::ToJsonString": "abc"}`, `needs a mapping or a list, not a string`},
		"a function next to other keys":   {`{"Fn::Sub": "a", "b": "c"}`, `Here: Fn::Sub can't stand next to other keys`},
		"GetStackOutput without output":   {`{"Fn::GetStackOutput": {"StackName": "x"}}`, `needs a mapping with StackName and OutputName`},
		"GetStackOutput with other keys":  {`{"Fn::GetStackOutput": {"StackName": "x", "OutputName": "y", "Role": "z"}}`, `has no argument Role`},
		"GetStackOutput by no role's ARN": {`{"Fn::GetStackOutput": {"StackName": "x", "OutputName": "y", "RoleArn": "z"}}`, `"z" is not the ARN of a role`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := s.Resolve(decode(t, c.expr), "Here")
			if err == nil {
				t.Fatalf("resolved to %s", encode(t, got))
			}
			if IsUnknown(err) {
				t.Errorf("%v: is an UnknownError", err)
			}
			if !strings.HasPrefix(err.Error(), "Dev-Source: Here") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant ... %s", err, c.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q has more than one line", err)
			}
		})
	}
}

func TestResolveDoesNotKnow(t *testing.T) {
	t.Parallel()
	known := worldStack(t)
	agnostic := worldStack(t)
	agnostic.Account, agnostic.Region = "", ""
	for name, c := range map[string]struct {
		stack      *Stack
		expr, want string
	}{
		"a parameter without default":   {known, `{"Ref": "Nothing"}`, `Here.Ref: unknown: parameter Nothing has no default`},
		"an SSM parameter":              {known, `{"Ref": "SSM"}`, `stands for the value of SSM parameter "/a/b"`},
		"Sub of a name between spaces":  {known, `{"Fn::Sub": "${ Plain }"}`, `Here.Fn::Sub: unknown: what CloudFormation makes of the spaces around Plain`},
		"a dynamic reference":           {known, `["{{resolve:ssm:/a/b}}"]`, `Here[0]: unknown: a dynamic reference to "ssm"`},
		"a dynamic reference by Sub":    {known, `{"Fn::Sub": "{{resolve:ssm:${Plain}}}"}`, `a dynamic reference to "ssm"`},
		"a dynamic reference in pieces": {known, `{"Fn::Join": ["", ["{{res", "olve:ssm:x}}"]]}`, `a dynamic reference to "ssm"`},
		"a dynamic reference by Ref":    {known, `{"Ref": "Secret"}`, `a dynamic reference to "secretsmanager"`},
		"a name that depends on it": {known, `{"Fn::GetAtt": ["Named", "Arn"]}`,
			`Here.Fn::GetAtt: unknown: Named: Dev-Source: Resources.Named.Properties.BucketName.Ref: parameter Nothing`},
		"a custom resource's id":           {known, `{"Ref": "Custom"}`, `the physical id of Custom (Custom::Thing)`},
		"a custom resource's attribute":    {known, `{"Fn::GetAtt": ["Custom", "Arn"]}`, `attribute Arn of Custom (Custom::Thing)`},
		"an attribute not in the table":    {known, `{"Fn::GetAtt": ["Bucket", "Colour"]}`, `attribute Colour of Bucket (AWS::S3::Bucket)`},
		"a rule on another bus":            {known, `{"Fn::GetAtt": ["BusRule", "Arn"]}`, `attribute Arn of BusRule`},
		"If by an unknown condition":       {known, `{"Fn::If": ["Unknown", "a", "b"]}`, `Here.Fn::If[0]: unknown: condition Unknown`},
		"And with none false":              {known, `{"Fn::And": [{"Condition": "Unknown"}, {"Condition": "Yes"}]}`, `parameter Nothing`},
		"Or with none true":                {known, `{"Fn::Or": [{"Condition": "No"}, {"Condition": "Unknown"}]}`, `parameter Nothing`},
		"Not of unknown":                   {known, `{"Fn::Not": [{"Condition": "Unknown"}]}`, `parameter Nothing`},
		"GetAZs":                           {known, `{"Fn::GetAZs": ""}`, `availability zones`},
		"GetAZs of null":                   {known, `{"Fn::GetAZs": null}`, `no page explains`},
		"Cidr":                             {known, `{"Fn::Cidr": ["10.0.0.0/16", 2, 8]}`, `address blocks`},
		"Transform":                        {known, `{"Fn::Transform": {"Name": "AWS::Include"}}`, `only CloudFormation can expand it`},
		"Transform next to other keys":     {known, `{"Fn::Transform": {"Name": "AWS::Include"}, "a": "b"}`, `only CloudFormation can expand it`},
		"a function of the future":         {known, `{"Fn::Guess": "x"}`, `doesn't know the function Fn::Guess`},
		"notification ARNs":                {known, `{"Ref": "AWS::NotificationARNs"}`, `notification ARNs`},
		"an import from elsewhere":         {known, `{"Fn::ImportValue": "x"}`, `no stack read from 111122223333/eu-west-1 exports "x"`},
		"an output from elsewhere":         {known, `{"Fn::GetStackOutput": {"StackName": "x", "OutputName": "y"}}`, `stack x in 111122223333/eu-west-1 isn't among those read`},
		"the account of any":               {agnostic, `{"Ref": "AWS::AccountId"}`, `Here.Ref: unknown: the account`},
		"the region of any":                {agnostic, `{"Ref": "AWS::Region"}`, `Here.Ref: unknown: the region`},
		"the partition of any region":      {agnostic, `{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/x"}`, `Here.Fn::Sub: unknown: the partition`},
		"an ARN in any account and region": {agnostic, `{"Fn::GetAtt": ["Queue", "Arn"]}`, `unknown: the partition`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := c.stack.Resolve(decode(t, c.expr), "Here")
			if err == nil {
				t.Fatalf("resolved to %s", encode(t, got))
			}
			if !IsUnknown(err) {
				t.Errorf("%v: is no UnknownError", err)
			}
			if !strings.HasPrefix(err.Error(), "Dev-Source: Here") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant ... %s", err, c.want)
			}
		})
	}
}
