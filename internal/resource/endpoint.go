package resource

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// endpoint is a VPC endpoint with a policy, which limits what comes through it.
type endpoint struct {
	*template.Resource
	id, vpc, service string // service: "s3"; "": not known
}

// readEndpoints reads the VPC endpoints that limit. One without a policy lets
// everything through.
// Source: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
func (s *Set) readEndpoints(stacks []*template.Stack) {
	for _, stack := range stacks {
		for _, r := range stack.ResourcesOfType("AWS::EC2::VPCEndpoint") {
			if missing(r.Properties().Get("PolicyDocument")) || letsAllThrough(readPolicy(r, EndpointPolicy, r.Properties(), "PolicyDocument")) {
				continue
			}
			e := endpoint{Resource: r}
			e.id, _ = r.Ref()
			e.vpc, _ = r.Properties().Get("VpcId").String()
			e.service, _ = r.Properties().Get("ServiceName").String()
			e.service = e.service[strings.LastIndexByte(e.service, '.')+1:]
			s.endpoints = append(s.endpoints, e)
		}
	}
}

func letsAllThrough(p *Policy) bool {
	return p.Err == nil && slices.ContainsFunc(p.Statements, func(s Statement) bool {
		return s.Effect == iam.Allow && s.Principal != nil && (s.Principal.Any || slices.Contains(s.Principal.AWS, "*")) &&
			slices.Contains(s.Action, "*") && slices.Contains(s.Resource, "*") && len(s.Condition) == 0
	}) && !slices.ContainsFunc(p.Statements, func(s Statement) bool { return s.Effect == iam.Deny })
}

// takeEndpoints notes the endpoints that a request comes, or may come, through.
// The evaluation of policies knows none, so that what they let through is unread;
// they can allow nothing.
func (s *Set) takeEndpoints(q *question) {
	service, _, _ := strings.Cut(strings.ToLower(q.Action), ":")
	for _, e := range s.endpoints {
		through := hasKey(q.Context, "aws:SourceVpce", e.id) || hasKey(q.Context, "aws:SourceVpc", e.vpc)
		if through && (e.service == "" || e.service == service) {
			q.limits = append(q.limits, Unread{e.Resource, fmt.Errorf("what VPC endpoint %s lets through", e.LogicalID)})
		}
	}
}

// hasKey says whether a request carries a condition key with a value; "" stands
// for any.
func hasKey(context map[string]iam.Strings, key, value string) bool {
	for k, values := range context {
		if strings.EqualFold(k, key) && (value == "" || slices.Contains(values, value)) {
			return true
		}
	}
	return false
}
