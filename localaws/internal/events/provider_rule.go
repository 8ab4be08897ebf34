package events

import (
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// ruleProperties are the properties of AWS::Events::Rule.
type ruleProperties struct {
	Description, EventBusName, Name, State string
	EventPattern                           api.Policy // JSON, which a template gives as an object
	Targets                                []target
}

func (p ruleProperties) input() putRuleInput {
	return putRuleInput{Name: p.Name, Description: p.Description, EventPattern: string(p.EventPattern), State: p.State, EventBusName: p.EventBusName}
}

// ruleType makes AWS::Events::Rule. Ref is its name.
//
// Source: CloudFormation template reference, AWS::Events::Rule.
type ruleType struct{ *Service }

func (t ruleType) Check(want ruleProperties) error {
	if want.Name == "" || strings.Contains(want.Name, api.NotYetKnown) {
		want.Name = "generated"
	}
	if _, err := readRule(want.input()); err != nil {
		return err
	}
	for _, x := range want.Targets {
		if strings.Contains(x.Arn, api.NotYetKnown) {
			return nil
		}
	}
	return checkTargets(want.Targets)
}

func (t ruleType) Create(s api.StackContext, logicalID string, want ruleProperties) (api.Resource, error) {
	if want.Name == "" {
		want.Name = api.GeneratedName(s, logicalID, 64)
	}
	arn := ruleARN(s.Call.Place(), want.Name)
	t.mu.Lock()
	there := t.rules[arn] != nil
	t.mu.Unlock()
	if there { // PutRule would change one that isn't the stack's own
		return api.Resource{}, api.Errorf(400, "AlreadyExists", "Resource of type 'AWS::Events::Rule' with identifier '%s' already exists.", want.Name)
	}
	if _, err := t.putRule(s.Call, want.input()); err != nil {
		return api.Resource{}, err
	}
	r := api.Resource{PhysicalID: want.Name, Attributes: map[string]string{"Arn": arn}}
	if len(want.Targets) > 0 {
		if _, err := t.putTargets(s.Call, putTargetsInput{Rule: want.Name, Targets: want.Targets}); err != nil {
			_ = t.Delete(s, r) // the first error says what is wrong
			return api.Resource{}, err
		}
	}
	return r, nil
}

func (t ruleType) Update(s api.StackContext, logicalID string, r api.Resource, old, want ruleProperties) (api.Resource, error) {
	if old.Name != want.Name {
		return t.Create(s, logicalID, want)
	}
	want.Name = r.PhysicalID
	if _, err := t.putRule(s.Call, want.input()); err != nil {
		return api.Resource{}, err
	}
	if err := t.removeAll(s, r.PhysicalID); err != nil || len(want.Targets) == 0 {
		return r, err
	}
	_, err := t.putTargets(s.Call, putTargetsInput{Rule: r.PhysicalID, Targets: want.Targets})
	return r, err
}

// removeAll removes the targets of a rule, if it has any.
func (t ruleType) removeAll(s api.StackContext, name string) error {
	t.mu.Lock()
	var ids []string
	if r := t.rules[ruleARN(s.Call.Place(), name)]; r != nil {
		for _, x := range r.targets {
			ids = append(ids, x.Id)
		}
	}
	t.mu.Unlock()
	if ids == nil {
		return nil
	}
	_, err := t.removeTargets(s.Call, removeTargetsInput{Rule: name, Ids: ids})
	return err
}

func (t ruleType) Delete(s api.StackContext, r api.Resource) error {
	if err := t.removeAll(s, r.PhysicalID); err != nil {
		return err
	}
	_, err := t.deleteRule(s.Call, nameInput{Name: r.PhysicalID})
	return err
}
