package rule

import (
	"slices"
	"testing"
)

// An id only goes through, so that its policy is decided; a list of ids, a number
// and a text that is whom a policy admits are not known.
func TestParametersThatAreIDsLeaveNothingOpen(t *testing.T) {
	t.Parallel()
	for typ, open := range map[string]bool{"AWS::EC2::VPC::Id": false, "List<AWS::EC2::VPC::Id>": true, "Number": true, "String": true} {
		r := checkText(t, `
Parameters: {Network: {Type: "`+typ+`"}}
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: "*", Condition: {StringEquals: {"aws:SourceVpc": !Ref Network}}}
          - {Effect: Allow, Principal: "*", Action: "sqs:ReceiveMessage", Resource: "*"}
`, "", "")
		found := 0
		for _, f := range r.Findings {
			if f.Rule == "principal-anyone" && f.Where == "" {
				found++
			}
		}
		unknown := slices.ContainsFunc(r.Unknown, func(u Unknown) bool { return u.Rule == "principal-anyone" })
		if found != 1 || unknown != open {
			t.Errorf("%s: %d findings, unknown: %v", typ, found, unknown)
		}
	}
}
