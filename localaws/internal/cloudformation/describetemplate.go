package cloudformation

import (
	"maps"
	"slices"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// getTemplate gives the template as it was sent: without transforms the
// processed one is the same.
func (s *Service) getTemplate(c api.Call, q query) (any, error) {
	name, setName := q.Text("StackName"), q.Text("ChangeSetName")
	q.Text("TemplateStage")
	if err := q.Done(); err != nil {
		return nil, err
	}
	st, err := s.authorizedStack(c, "GetTemplate", name, nil)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := st.template
	if setName != "" {
		_, set, err := s.changeSetOf(c, name, setName)
		if err != nil {
			return nil, err
		}
		t = set.plan.next.template
	}
	var out struct {
		TemplateBody    string
		StagesAvailable list[string]
	}
	if t != nil { // a stack in REVIEW_IN_PROGRESS has none
		out.TemplateBody = t.body
		out.StagesAvailable.Member = []string{"Original", "Processed"}
	}
	return out, nil
}

type declarationXML struct {
	ParameterKey  string
	DefaultValue  string `xml:",omitempty"`
	ParameterType string `xml:",omitempty"`
	NoEcho        bool
	Description   string `xml:",omitempty"`
}

func (t *template) declarations(types bool) (l list[declarationXML]) {
	for _, k := range slices.Sorted(maps.Keys(t.parameters)) {
		d := t.parameters[k]
		x := declarationXML{ParameterKey: k, NoEcho: d.NoEcho, Description: d.Description}
		x.DefaultValue, _ = cfn.ScalarText(d.Default)
		if types {
			x.ParameterType = d.Type
		}
		l.Member = append(l.Member, x)
	}
	return l
}

// needs are the capabilities that the template asks for.
func (t *template) needs() (l list[string]) {
	for _, capability := range []string{"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"} {
		if checkCapabilities(t, l.Member) != nil {
			l.Member = []string{capability}
		}
	}
	return l
}

func (s *Service) validateTemplate(c api.Call, q query) (any, error) {
	t, err := s.templateToDescribe(c, q, "ValidateTemplate")
	if err != nil {
		return nil, err
	}
	return struct {
		Parameters   list[declarationXML]
		Description  string `xml:",omitempty"`
		Capabilities list[string]
	}{t.declarations(false), t.Description, t.needs()}, nil
}

func (s *Service) getTemplateSummary(c api.Call, q query) (any, error) {
	t, err := s.templateToDescribe(c, q, "GetTemplateSummary")
	if err != nil {
		return nil, err
	}
	types := map[string]bool{}
	for _, r := range t.Resources {
		types[r.Type] = true
	}
	return struct {
		Parameters                  list[declarationXML]
		Description                 string `xml:",omitempty"`
		Capabilities                list[string]
		ResourceTypes               list[string]
		ResourceIdentifierSummaries list[identifierXML]
	}{t.declarations(true), t.Description, t.needs(), list[string]{slices.Sorted(maps.Keys(types))}, s.identifiers(t)}, nil
}

type identifierXML struct {
	ResourceType                            string
	LogicalResourceIds, ResourceIdentifiers list[string]
}

// identifiers say by which property each resource is named in an import; types
// that are not imported here are left out.
//
// Source: API reference, ResourceIdentifierSummary.
func (s *Service) identifiers(t *template) (l list[identifierXML]) {
	imports := s.Imports()
	for _, typ := range slices.Sorted(maps.Keys(imports)) {
		x := identifierXML{ResourceType: typ}
		for _, id := range slices.Sorted(maps.Keys(t.Resources)) {
			if t.Resources[id].Type == typ {
				x.LogicalResourceIds.Member = append(x.LogicalResourceIds.Member, id)
			}
		}
		if len(x.LogicalResourceIds.Member) > 0 {
			x.ResourceIdentifiers.Member = []string{imports[typ]}
			l.Member = append(l.Member, x)
		}
	}
	return l
}

// templateToDescribe is the template in the request or of the stack that it
// names, checked as far as that goes without parameter values.
func (s *Service) templateToDescribe(c api.Call, q query, action string) (*template, error) {
	name := q.Text("StackName")
	st, err := s.authorize(c, action, name, requestKeys(q))
	if err != nil {
		return nil, err
	}
	if name != "" {
		if err := q.Done(); err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if st == nil || st.template == nil {
			return nil, missing(name)
		}
		return st.template, nil
	}
	t, err := s.templateOf(c, q, nil)
	if err != nil {
		return nil, err
	}
	if err := q.Done(); err != nil {
		return nil, err
	}
	return t, s.checkTypes(t)
}
