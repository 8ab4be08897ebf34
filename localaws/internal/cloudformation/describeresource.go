package cloudformation

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type resourceXML struct {
	StackName            string `xml:",omitempty"`
	StackId              string `xml:",omitempty"`
	LogicalResourceId    string
	PhysicalResourceId   string `xml:",omitempty"`
	ResourceType         string
	Timestamp            string `xml:",omitempty"`
	LastUpdatedTimestamp string `xml:",omitempty"`
	ResourceStatus       string
	ResourceStatusReason string `xml:",omitempty"`
	DriftInformation     struct{ StackResourceDriftStatus string }
}

// resourcesOf authorizes the action and gives the stack's resources, those too
// that its deletion has deleted or retained: so the physical ids of what a
// deleted stack left behind are found, by the stack's id. AWS keeps them for 90
// days.
//
// Source: API reference, DescribeStackResources.
func (s *Service) resourcesOf(c api.Call, action, name string) (*stack, []*resource, error) {
	st, err := s.authorizedStack(c, action, name, nil)
	if err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var l []*resource
	for _, id := range slices.Sorted(maps.Keys(st.resources)) {
		l = append(l, st.resources[id])
	}
	l = append(l, st.removed...)
	slices.SortFunc(l, func(a, b *resource) int { return strings.Compare(a.logicalID, b.logicalID) })
	return st, l, nil
}

func (r *resource) describe() resourceXML {
	x := resourceXML{
		LogicalResourceId: r.logicalID, PhysicalResourceId: r.made.PhysicalID, ResourceType: r.typ,
		ResourceStatus: r.status, ResourceStatusReason: r.reason,
	}
	x.DriftInformation.StackResourceDriftStatus = "NOT_CHECKED"
	return x
}

func (s *Service) listStackResources(c api.Call, q query) (any, error) {
	name := q.Text("StackName")
	if err := q.Done(); err != nil {
		return nil, err
	}
	_, resources, err := s.resourcesOf(c, "ListStackResources", name)
	if err != nil {
		return nil, err
	}
	var out struct{ StackResourceSummaries list[resourceXML] }
	for _, r := range resources {
		x := r.describe()
		x.LastUpdatedTimestamp = timestamp(r.updated)
		out.StackResourceSummaries.Member = append(out.StackResourceSummaries.Member, x)
	}
	return out, nil
}

func (s *Service) describeStackResources(c api.Call, q query) (any, error) {
	name, logicalID, physicalID := q.Text("StackName"), q.Text("LogicalResourceId"), q.Text("PhysicalResourceId")
	if err := q.Done(); err != nil {
		return nil, err
	}
	if name != "" && physicalID != "" {
		return nil, invalid("StackName and PhysicalResourceId can't both be specified")
	}
	if physicalID != "" {
		if name = s.stackWith(c, physicalID); name == "" {
			// Whoever may not ask doesn't learn whether there is one.
			if _, err := s.authorize(c, "DescribeStackResources", "", nil); err != nil {
				return nil, err
			}
			return nil, invalid("Stack for %s does not exist", physicalID)
		}
	}
	st, resources, err := s.resourcesOf(c, "DescribeStackResources", name)
	if err != nil {
		return nil, err
	}
	var out struct{ StackResources list[resourceXML] }
	for _, r := range resources {
		if logicalID == "" || r.logicalID == logicalID {
			x := r.describe()
			x.StackName, x.StackId, x.Timestamp = st.name, st.id, timestamp(r.updated)
			out.StackResources.Member = append(out.StackResources.Member, x)
		}
	}
	return out, nil
}

// stackWith is the id of the stack that a resource belongs to, or "". The ids of
// resources that are gone, or that a deletion has left, are no longer a stack's.
func (s *Service) stackWith(c api.Call, physicalID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.stacks {
		if st.account != c.Account || st.region != c.Region || st.status == "DELETE_COMPLETE" {
			continue
		}
		for _, r := range st.resources {
			if r.made.PhysicalID == physicalID {
				return st.id
			}
		}
	}
	return ""
}

func (s *Service) describeStackResource(c api.Call, q query) (any, error) {
	name, logicalID := q.Text("StackName"), q.Text("LogicalResourceId")
	if err := q.Done(); err != nil {
		return nil, err
	}
	st, resources, err := s.resourcesOf(c, "DescribeStackResource", name)
	if err != nil {
		return nil, err
	}
	for _, r := range resources {
		if r.logicalID == logicalID {
			x := r.describe()
			x.StackName, x.StackId, x.LastUpdatedTimestamp = st.name, st.id, timestamp(r.updated)
			return struct{ StackResourceDetail resourceXML }{x}, nil
		}
	}
	return nil, invalid("Resource %s does not exist for stack %s", logicalID, name)
}

func (s *Service) listExports(c api.Call, q query) (any, error) {
	if err := q.Done(); err != nil {
		return nil, err
	}
	if _, err := s.authorize(c, "ListExports", "", nil); err != nil {
		return nil, err
	}
	type export struct{ ExportingStackId, Name, Value string }
	s.mu.Lock()
	defer s.mu.Unlock()
	var out struct{ Exports list[export] }
	for _, st := range s.stacks {
		for _, o := range st.outputs {
			if o.export != "" && st.account == c.Account && st.region == c.Region {
				out.Exports.Member = append(out.Exports.Member, export{st.id, o.export, o.value})
			}
		}
	}
	slices.SortFunc(out.Exports.Member, func(a, b export) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func (s *Service) listImports(c api.Call, q query) (any, error) {
	name := q.Text("ExportName")
	if err := q.Done(); err != nil {
		return nil, err
	}
	if _, err := s.authorize(c, "ListImports", "", nil); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	users := s.importers(c.Account, c.Region, name)
	if len(users) == 0 {
		return nil, invalid("Export '%s' is not imported by any stack.", name)
	}
	return struct{ Imports list[string] }{list[string]{users}}, nil
}
