package cloudformation

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type targetXML struct {
	Attribute           string
	Name                string `xml:",omitempty"`
	Path                string `xml:",omitempty"`
	RequiresRecreation  string
	BeforeValue         string `xml:",omitempty"`
	AfterValue          string `xml:",omitempty"`
	AttributeChangeType string `xml:",omitempty"`
}

type detailXML struct {
	Target                   targetXML
	Evaluation, ChangeSource string
}

type resourceChangeXML struct {
	PolicyAction                string `xml:",omitempty"`
	Action                      string
	LogicalResourceId           string
	PhysicalResourceId          string `xml:",omitempty"`
	ResourceType                string
	Replacement                 string `xml:",omitempty"`
	Scope                       list[string]
	Details                     list[detailXML]
	BeforeContext, AfterContext string `xml:",omitempty"`
}

type changeXML struct {
	Type           string
	ResourceChange resourceChangeXML
}

type changeSetXML struct {
	ChangeSetName, ChangeSetId, StackId, StackName string
	Description                                    string `xml:",omitempty"`
	Parameters                                     list[parameterXML]
	CreationTime, ExecutionStatus, Status          string
	StatusReason                                   string `xml:",omitempty"`
	NotificationARNs, RollbackConfiguration        struct{}
	Capabilities                                   list[string]
	Tags                                           list[tagXML]
	Changes                                        list[changeXML]
	IncludeNestedStacks, ImportExistingResources   bool
}

func (s *Service) describeChangeSet(c api.Call, q query) (any, error) {
	stackName, name, values := q.Text("StackName"), q.Text("ChangeSetName"), q.flag("IncludePropertyValues")
	if err := q.Done(); err != nil {
		return nil, err
	}
	if _, err := s.authorize(c, "DescribeChangeSet", stackName, requestKeys(q)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, set, err := s.changeSetOf(c, stackName, name)
	if err != nil {
		return nil, err
	}
	x := changeSetXML{
		ChangeSetName: set.name, ChangeSetId: set.id, StackId: st.id, StackName: st.name, Description: set.description,
		Parameters: parameterList(set.plan.next.parameters), CreationTime: timestamp(set.created),
		ExecutionStatus: set.execution, Status: set.status, StatusReason: set.reason,
		Capabilities: list[string]{set.plan.next.capabilities}, Tags: tagList(set.plan.next.tags),
		ImportExistingResources: set.importExisting,
	}
	for _, change := range set.changes {
		x.Changes.Member = append(x.Changes.Member, changeXML{"Resource", change.describe(values)})
	}
	return x, nil
}

func (c change) describe(values bool) resourceChangeXML {
	x := resourceChangeXML{
		PolicyAction: c.policyAction, Action: c.action, LogicalResourceId: c.logicalID, PhysicalResourceId: c.physical,
		ResourceType: c.typ, Replacement: c.replacement, Scope: list[string]{c.scope},
	}
	if values {
		x.BeforeContext, x.AfterContext = c.beforeContext, c.afterContext
	}
	for _, d := range c.details {
		t := targetXML{Attribute: d.attribute, Name: d.name, RequiresRecreation: d.requiresRecreation}
		if values && d.name != "" {
			t.Path, t.BeforeValue, t.AfterValue, t.AttributeChangeType = "/Properties/"+d.name, d.before, d.after, "Modify"
			switch {
			case d.before == "":
				t.AttributeChangeType = "Add"
			case d.after == "":
				t.AttributeChangeType = "Remove"
			}
		}
		source := "DirectModification"
		if d.automatic {
			source = "Automatic"
		}
		x.Details.Member = append(x.Details.Member, detailXML{t, d.evaluation, source})
	}
	return x
}

func (s *Service) listChangeSets(c api.Call, q query) (any, error) {
	name := q.Text("StackName")
	if err := q.Done(); err != nil {
		return nil, err
	}
	st, err := s.authorizedStack(c, "ListChangeSets", name, nil)
	if err != nil {
		return nil, err
	}
	type summary struct {
		StackId, StackName, ChangeSetId, ChangeSetName string
		ExecutionStatus, Status                        string
		StatusReason                                   string `xml:",omitempty"`
		CreationTime                                   string
		Description                                    string `xml:",omitempty"`
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out struct{ Summaries list[summary] }
	for _, set := range st.changeSets {
		out.Summaries.Member = append(out.Summaries.Member, summary{
			st.id, st.name, set.id, set.name, set.execution, set.status, set.reason, timestamp(set.created), set.description,
		})
	}
	slices.SortFunc(out.Summaries.Member, func(a, b summary) int { return strings.Compare(a.ChangeSetName, b.ChangeSetName) })
	return out, nil
}
