package cloudformation

import (
	"regexp"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// plan is a checked request to bring a stack to a template.
type plan struct {
	next            state // its resources are not there yet
	scope           *scope
	dependencies    map[string][]string
	order           []string
	roleARN         string
	disableRollback bool
	imports         map[string]*importing // by logical id; nil unless the change set imports
}

// prepare reads and checks what CreateChangeSet, CreateStack and UpdateStack
// have in common. current is nil for a new stack. The call is the caller's.
func (s *Service) prepare(c api.Call, q query, name string, current *stack) (*plan, error) {
	p := &plan{roleARN: q.Text("RoleARN"), disableRollback: q.flag("DisableRollback")}
	var previous state
	id := stackARN(c.Region, c.Account, name, "00000000-0000-0000-0000-000000000000")
	if current != nil {
		s.mu.Lock()
		previous, id = current.state, current.id
		if p.roleARN == "" {
			p.roleARN = current.roleARN
		}
		s.mu.Unlock()
	}
	t, err := s.templateOf(c, q, previous.template)
	if err != nil {
		return nil, err
	}
	p.next = state{template: t, capabilities: q.List("Capabilities")}
	if tags, given := q.tags(); given || current == nil {
		p.next.tags = tags
	} else {
		p.next.tags = previous.tags // an update without tags keeps them
	}
	given, err := q.parameters(t, previous.parameters)
	if err != nil {
		return nil, err
	}
	if err := s.settle(c, p, id, name, given, newBudget()); err != nil {
		return nil, err
	}
	if err := checkDeploymentConfig(q, p); err != nil {
		return nil, err
	}
	return p, q.Done()
}

// settle finishes a plan of which template, tags and capabilities are known, for
// the stack with the id and name: it gives the parameters their values and
// checks the template with them.
func (s *Service) settle(c api.Call, p *plan, id, name string, given map[string]string, budget *cfn.Budget) (err error) {
	t := p.next.template
	if p.next.parameters, err = s.parametersOf(c, t, given); err != nil {
		return err
	}
	p.scope = &scope{template: t, parameters: p.next.parameters, pseudo: pseudoParameters(c.Account, c.Region, id, name), budget: budget}
	return s.check(p)
}

// checkDeploymentConfig accepts the standard deployment mode only; the CDK
// names it in every request.
func checkDeploymentConfig(q query, p *plan) error {
	for k, v := range q.structure("DeploymentConfig", "Mode", "DisableRollback") {
		switch {
		case k == "Mode" && v == "STANDARD":
		case k == "DisableRollback":
			p.disableRollback = v == "true"
		default:
			return invalid("the local AWS does not carry out DeploymentConfig %s %s", k, v)
		}
	}
	return nil
}

// maxName is the longest name of a stack.
const maxName = 128

var nameForm = regexp.MustCompile(`^[a-zA-Z][-a-zA-Z0-9]{0,127}$`)

// checkName refuses what no stack can be called.
func checkName(name string) error {
	if !nameForm.MatchString(name) {
		return invalid("1 validation error detected: Value '%s' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*", name)
	}
	return nil
}

// execution is the call with which the resources are made: a session of the
// service role, or the caller's own. passed says that the caller names the
// role in this request and so must be allowed to pass it.
func (s *Service) execution(c api.Call, roleARN string, passed bool) (api.Call, error) {
	if roleARN == "" {
		return c.CalledVia("cloudformation.amazonaws.com"), nil
	}
	account := api.ARNAccount(roleARN)
	if account != c.Account {
		return api.Call{}, invalid("Cross-account pass role is not allowed.")
	}
	if passed {
		err := s.opt.Authorizer.Authorize(c, api.Access{
			Action: "iam:PassRole", Resource: roleARN, ResourceAccount: account,
			Context: map[string]iam.Strings{"iam:PassedToService": {"cloudformation.amazonaws.com"}},
		})
		if err != nil {
			return api.Call{}, err
		}
	}
	service := api.ServiceCall("cloudformation.amazonaws.com", c.Account, c.Region, c.Time)
	service.RequestID = c.RequestID
	session, err := s.opt.STS.AssumeRole(service, roleARN, "AWSCloudFormation")
	if err != nil {
		return api.Call{}, invalid("Role %s is invalid or cannot be assumed (%s)", roleARN, reason(err))
	}
	return session, nil
}
