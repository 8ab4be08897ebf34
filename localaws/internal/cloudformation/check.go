package cloudformation

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// check looks at the whole template before anything is made.
func (s *Service) check(p *plan) error {
	if err := p.scope.evaluateConditions(); err != nil {
		return err
	}
	if err := p.scope.checkRules(); err != nil {
		return err
	}
	if err := s.checkTypes(p.next.template); err != nil {
		return err
	}
	var err error
	if p.dependencies, err = p.scope.dependencies(); err != nil {
		return err
	}
	if p.order, err = order(p.dependencies); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(p.next.template.Outputs)) {
		o := p.next.template.Outputs[name]
		if _, ok := p.scope.conditions[o.Condition]; !ok && o.Condition != "" {
			return invalid("Template format error: Unresolved condition dependency %s in the Outputs block of the template", o.Condition)
		}
		if p.scope.holds(o.Condition) {
			if _, err := p.scope.references(o.Value, cfn.Root("Outputs", name, "Value")); err != nil {
				return err
			}
		}
	}
	if err := checkCapabilities(p.next.template, p.next.capabilities); err != nil {
		return err
	}
	return s.checkProperties(p)
}

// checkTypes refuses a template that has a type without provider, before
// anything is made.
func (s *Service) checkTypes(t *template) error {
	unknown := map[string]bool{}
	for id, d := range t.Resources {
		if s.providers[d.Type] == nil {
			unknown[fmt.Sprintf("%s (%s)", d.Type, id)] = true
		}
	}
	if len(unknown) > 0 {
		return invalid("Template format error: Unrecognized resource types: [%s]", strings.Join(slices.Sorted(maps.Keys(unknown)), ", "))
	}
	return nil
}

// checkProperties lets the providers that can do so refuse properties, all of
// them at once, before anything is made.
func (s *Service) checkProperties(p *plan) error {
	x := *p.scope
	x.resource = func(string) (api.Resource, error) { return api.Resource{PhysicalID: notYetKnown}, nil }
	x.imported = func(string) (string, error) { return notYetKnown, nil }
	x.stackOutput = func(cfn.StackOutput) (string, error) { return notYetKnown, nil }
	var refused []string
	for _, id := range p.order {
		d := p.next.template.Resources[id]
		c, ok := s.providers[d.Type].(api.Checker)
		if !ok {
			continue
		}
		properties, err := x.properties(id)
		if err != nil {
			return err
		}
		if err := c.Check(properties); err != nil {
			why := reason(err)
			if cause := api.AsError(err).Cause; cause != "" {
				why += ": " + cause
			}
			refused = append(refused, id+" ("+d.Type+"): "+why)
		}
	}
	if len(refused) > 0 {
		return invalid("Properties validation failed; nothing was made: %s", strings.Join(refused, "; "))
	}
	return nil
}

// names of the properties that give an IAM resource a name of its own.
var iamNames = []string{"RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName"}

// checkCapabilities wants the caller's word that the template makes IAM
// resources.
//
// Source: CloudFormation API reference, CreateStack, Capabilities.
func checkCapabilities(t *template, given []string) error {
	need := ""
	for _, d := range t.Resources {
		if !strings.HasPrefix(d.Type, "AWS::IAM::") {
			continue
		}
		if need == "" {
			need = "CAPABILITY_IAM"
		}
		for _, n := range iamNames {
			if d.RawProperties[n] != nil {
				need = "CAPABILITY_NAMED_IAM"
			}
		}
	}
	if need == "" || slices.Contains(given, need) || slices.Contains(given, "CAPABILITY_NAMED_IAM") {
		return nil
	}
	return api.Errorf(http.StatusBadRequest, "InsufficientCapabilitiesException", "Requires capabilities : [%s]", need)
}
