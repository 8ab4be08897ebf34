package cloudformation

import (
	"maps"
	"slices"
	"strconv"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type tagXML struct{ Key, Value string }

type parameterXML struct {
	ParameterKey, ParameterValue string
	ResolvedValue                string `xml:",omitempty"`
}

type outputXML struct {
	OutputKey, OutputValue string
	Description            string `xml:",omitempty"`
	ExportName             string `xml:",omitempty"`
}

type stackXML struct {
	StackId, StackName          string
	Description                 string `xml:",omitempty"`
	Parameters                  list[parameterXML]
	CreationTime                string
	LastUpdatedTime             string `xml:",omitempty"`
	DeletionTime                string `xml:",omitempty"`
	StackStatus                 string
	StackStatusReason           string `xml:",omitempty"`
	DisableRollback             bool
	NotificationARNs            struct{}
	Capabilities                list[string]
	Outputs                     list[outputXML]
	RoleARN                     string `xml:",omitempty"`
	Tags                        list[tagXML]
	EnableTerminationProtection bool
	RollbackConfiguration       struct{}
	DriftInformation            struct{ StackDriftStatus string }
	TimeoutInMinutes            int    `xml:",omitempty"`
	ParentId, RootId            string `xml:",omitempty"`
}

// describe is the stack on the wire. Service.mu must be held.
func (st *stack) describe() stackXML {
	x := stackXML{
		StackId: st.id, StackName: st.name, CreationTime: timestamp(st.created), LastUpdatedTime: timestamp(st.updated),
		DeletionTime: timestamp(st.deleted), StackStatus: st.status, StackStatusReason: st.statusReason,
		DisableRollback: !st.rollsBack, Capabilities: list[string]{st.capabilities}, RoleARN: st.roleARN,
		Parameters: parameterList(st.parameters), Tags: tagList(st.tags), EnableTerminationProtection: st.isProtected(), TimeoutInMinutes: st.timeout,
	}
	x.DriftInformation.StackDriftStatus = "NOT_CHECKED"
	if st.parent != nil {
		x.ParentId, x.RootId = st.parent.id, st.root.id
	}
	if st.template != nil {
		x.Description = st.template.Description
	}
	for _, o := range st.outputs {
		x.Outputs.Member = append(x.Outputs.Member, outputXML{o.key, o.value, o.description, o.export})
	}
	return x
}

func tagList(tags map[string]string) (l list[tagXML]) {
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		l.Member = append(l.Member, tagXML{k, tags[k]})
	}
	return l
}

func parameterList(parameters map[string]parameter) (l list[parameterXML]) {
	for _, k := range slices.Sorted(maps.Keys(parameters)) {
		p := parameters[k]
		x := parameterXML{ParameterKey: k, ParameterValue: p.value}
		if p.resolved != p.value {
			x.ResolvedValue = p.resolved
		}
		if p.noEcho {
			x.ParameterValue, x.ResolvedValue = "****", ""
		}
		l.Member = append(l.Member, x)
	}
	return l
}

func (s *Service) describeStacks(c api.Call, q query) (any, error) {
	name := q.Text("StackName")
	if err := q.Done(); err != nil {
		return nil, err
	}
	if _, err := s.authorize(c, "DescribeStacks", name, nil); err != nil {
		return nil, err
	}
	if name != "" {
		s.hold(c, name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out struct{ Stacks list[stackXML] }
	if name != "" {
		st := s.find(c.Account, c.Region, name)
		if st == nil {
			e := *api.AsError(missing(name))
			e.Routine = true // so clients learn whether to create a stack or to update it
			return nil, &e
		}
		out.Stacks.Member = []stackXML{st.describe()}
		return out, nil
	}
	for _, st := range slices.Backward(s.stacks) {
		if st.account == c.Account && st.region == c.Region && st.status != "DELETE_COMPLETE" {
			out.Stacks.Member = append(out.Stacks.Member, st.describe())
		}
	}
	return out, nil
}

type stackSummaryXML struct {
	StackId, StackName  string
	TemplateDescription string `xml:",omitempty"`
	CreationTime        string
	LastUpdatedTime     string `xml:",omitempty"`
	DeletionTime        string `xml:",omitempty"`
	StackStatus         string
	StackStatusReason   string `xml:",omitempty"`
	ParentId, RootId    string `xml:",omitempty"`
}

func (s *Service) listStacks(c api.Call, q query) (any, error) {
	only := q.List("StackStatusFilter")
	if err := q.Done(); err != nil {
		return nil, err
	}
	if _, err := s.authorize(c, "ListStacks", "", nil); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out struct{ StackSummaries list[stackSummaryXML] }
	for _, st := range slices.Backward(s.stacks) {
		if st.account != c.Account || st.region != c.Region || (len(only) > 0 && !slices.Contains(only, st.status)) {
			continue
		}
		d := st.describe()
		out.StackSummaries.Member = append(out.StackSummaries.Member, stackSummaryXML{
			d.StackId, d.StackName, d.Description, d.CreationTime, d.LastUpdatedTime, d.DeletionTime, d.StackStatus, d.StackStatusReason, d.ParentId, d.RootId,
		})
	}
	return out, nil
}

type eventXML struct {
	StackId, EventId, StackName           string
	LogicalResourceId, PhysicalResourceId string
	ResourceType, Timestamp               string
	ResourceStatus                        string
	ResourceStatusReason                  string `xml:",omitempty"`
	ResourceProperties                    string `xml:",omitempty"`
	ClientRequestToken                    string `xml:",omitempty"`
	OperationId                           string `xml:",omitempty"`
}

// eventsPerPage is DescribeStackEvents' page.
const eventsPerPage = 100

// describeStackEvents lists the events, newest first. A page's token counts
// from the oldest event, so that new events do not move the pages.
func (s *Service) describeStackEvents(c api.Call, q query) (any, error) {
	name, token := q.Text("StackName"), q.Text("NextToken")
	if err := q.Done(); err != nil {
		return nil, err
	}
	if _, err := s.authorize(c, "DescribeStackEvents", name, nil); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.find(c.Account, c.Region, name)
	if st == nil {
		return nil, invalid("Stack [%s] does not exist", name) // the wording differs from DescribeStacks'
	}
	end := len(st.events)
	if token != "" {
		n, err := strconv.Atoi(token)
		if err != nil || n < 0 || n > end {
			return nil, invalid("NextToken %s is not one that DescribeStackEvents gave", token)
		}
		end = n
	}
	var out struct {
		StackEvents list[eventXML]
		NextToken   string `xml:",omitempty"`
	}
	from := max(0, end-eventsPerPage)
	for _, e := range slices.Backward(st.events[from:end]) {
		out.StackEvents.Member = append(out.StackEvents.Member, eventXML{
			st.id, e.id, st.name, e.logicalID, e.physical, e.typ, timestamp(e.time), e.status, e.reason, e.properties, e.token, e.operation,
		})
	}
	if from > 0 {
		out.NextToken = strconv.Itoa(from)
	}
	return out, nil
}

// describeEvents answers without events: it is asked for the details of early
// validation and of hooks, which the local AWS does not have; what fails here
// says why in the status reason.
func (s *Service) describeEvents(c api.Call, q query) (any, error) {
	name := q.Text("StackName")
	q.Text("ChangeSetName")
	q.Text("OperationId")
	q.structure("Filters", "FailedEvents")
	if err := q.Done(); err != nil {
		return nil, err
	}
	if _, err := s.authorizedStack(c, "DescribeEvents", name, nil); err != nil {
		return nil, err
	}
	return struct{ OperationEvents struct{} }{}, nil
}
