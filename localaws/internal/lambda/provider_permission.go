package lambda

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// permissionType makes AWS::Lambda::Permission: a statement of a function's
// resource policy.
type permissionType struct{ *Service }

// permission are the properties that are carried out; any other is refused.
//
// Source: CloudFormation template reference, AWS::Lambda::Permission.
type permission struct {
	Action, FunctionName, Principal          string
	PrincipalOrgID, SourceAccount, SourceArn string
}

// invalidPrincipal is Lambda's answer to a principal that is none, or that doesn't
// exist. No page has the words; they are those that its clients quote.
func invalidPrincipal() error {
	return invalid("The provided principal was invalid. Please check the principal and try again.")
}

// Source: Lambda API reference, AddPermission.
const actionPattern = `(lambda:[*]|lambda:[a-zA-Z]+|[*])`

var actionForm = regexp.MustCompile(`^` + actionPattern + `$`)

var accountForm = regexp.MustCompile(`^\d{12}$`)

// statement is the permission in the form of the policy language, as GetPolicy
// shows it.
func (p permission) statement(id, arn string) (iam.Statement, error) {
	s := iam.Statement{
		Sid: id, Effect: iam.Allow, Principal: &iam.Principal{}, Action: iam.Strings{p.Action},
		Resource: iam.Strings{arn}, Condition: iam.Condition{},
	}
	switch {
	case !actionForm.MatchString(p.Action):
		return s, api.Errorf(http.StatusBadRequest, "ValidationException",
			"1 validation error detected: Value '%s' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: %s", p.Action, actionPattern)
	case p.Principal == "*":
		s.Principal.Any = true
	case accountForm.MatchString(p.Principal):
		s.Principal.AWS = iam.Strings{api.ARN("iam", "", p.Principal, "root")}
	case strings.HasPrefix(p.Principal, "arn:"):
		s.Principal.AWS = iam.Strings{p.Principal}
	case strings.HasSuffix(p.Principal, ".amazonaws.com"), strings.HasSuffix(p.Principal, ".amazon.com"): // alexa-appkit has the second
		s.Principal.Service = iam.Strings{p.Principal}
	default:
		return s, invalidPrincipal()
	}
	if p.SourceAccount != "" {
		s.Condition["StringEquals"] = map[string]iam.Strings{"AWS:SourceAccount": {p.SourceAccount}}
	}
	if p.PrincipalOrgID != "" {
		if s.Condition["StringEquals"] == nil {
			s.Condition["StringEquals"] = map[string]iam.Strings{}
		}
		s.Condition["StringEquals"]["aws:PrincipalOrgID"] = iam.Strings{p.PrincipalOrgID}
	}
	if p.SourceArn != "" {
		s.Condition["ArnLike"] = map[string]iam.Strings{"AWS:SourceArn": {p.SourceArn}}
	}
	return s, nil
}

// Check lets pass whom and what the permission is about where that is not known
// yet; the rest must be right.
func (t permissionType) Check(want permission) error {
	if strings.Contains(want.Principal, api.NotYetKnown) {
		want.Principal = "*"
	}
	if !strings.Contains(want.FunctionName, api.NotYetKnown) {
		if _, _, err := resolve(api.Call{}, want.FunctionName); err != nil {
			return err
		}
	}
	_, err := want.statement("", want.FunctionName)
	return err
}

func (t permissionType) Create(x api.StackContext, logicalID string, want permission) (api.Resource, error) {
	arn, _, err := resolve(api.Call{Account: x.Account, Region: x.Region}, want.FunctionName)
	if err != nil {
		return api.Resource{}, err
	}
	id := api.GeneratedName(x, logicalID, 100)
	statement, err := want.statement(id, arn)
	if err != nil {
		return api.Resource{}, err
	}
	f, err := t.authorized(x.Call, "AddPermission", arn)
	if err != nil {
		return api.Resource{}, err
	}
	if p := api.InvalidPrincipal(t.opt.Principals, iam.Document{Statement: []iam.Statement{statement}}); p != "" {
		return api.Resource{}, api.NoPrincipal(invalidPrincipal(), p)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	f.statements[id] = statement
	return api.Resource{PhysicalID: id, Attributes: map[string]string{"Id": id}}, nil
}

// Update makes a new statement: every property's update requires replacement.
func (t permissionType) Update(x api.StackContext, logicalID string, r api.Resource, old, want permission) (api.Resource, error) {
	if old == want {
		return r, nil
	}
	return t.Create(x, logicalID, want)
}

// Delete finds the function by the statement: its id is random, and Ref does
// not give the function.
func (t permissionType) Delete(x api.StackContext, r api.Resource) error {
	t.mu.Lock()
	arn := ""
	for _, f := range t.functions {
		if _, ok := f.statements[r.PhysicalID]; ok {
			arn = f.arn
		}
	}
	t.mu.Unlock()
	if arn == "" {
		return nil // gone with its function
	}
	f, err := t.authorize(x.Call, "RemovePermission", arn, x.Account)
	if err != nil || f == nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(f.statements, r.PhysicalID)
	return nil
}
