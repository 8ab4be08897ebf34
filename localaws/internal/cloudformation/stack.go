package cloudformation

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// stack is one stack. Service.mu guards every field; of a stack whose status
// ends in _IN_PROGRESS only the operation under way changes anything but the
// termination protection and the change sets.
type stack struct {
	id, name, account, region string
	status, statusReason      string
	created, updated, deleted time.Time
	clock                     func() time.Time

	state                  // what the stack is now
	stable     *state      // what a rollback goes back to; nil: nothing
	cleanup    []*resource // what an unfinished update has to delete at its end
	removed    []*resource // what the deletion of the stack has deleted or retained
	protected  bool        // termination protection
	rollsBack  bool        // the last operation had rollback enabled
	roleARN    string      // "" is none
	events     []event     // oldest first
	changeSets map[string]*changeSet
	operation  string // id of the last operation

	running      *operation // under way; nil: none
	parent, root *stack     // of a nested stack; nil: none
	timeout      int        // TimeoutInMinutes of a nested stack; 0 is none
	finish       func()     // of a nested stack whose update waits for the end of its parent's; nil: none
}

// state is what a template has made of a stack.
type state struct {
	template     *template
	parameters   map[string]parameter
	tags         map[string]string
	capabilities []string
	outputs      []output
	imports      []string // names of the exports it uses
	resources    map[string]*resource
}

// resource is one resource of a stack. It is not changed once it is in a
// state: a change puts a new one in its place.
type resource struct {
	logicalID, typ string
	status, reason string
	updated        time.Time
	declaration    *cfn.Resource
	properties     json.RawMessage // with every intrinsic resolved
	made           api.Resource
	dependsOn      []string
}

type output struct {
	key, value, description, export string
}

type event struct {
	id, operation, token string
	logicalID, physical  string
	typ, status, reason  string
	properties           string
	time                 time.Time
}

func (st *state) clone() *state {
	c := *st
	c.resources = maps.Clone(st.resources)
	return &c
}

// order is the order in which the resources were made; those that the current
// template no longer has come last.
func (st *state) order() []string {
	dependencies := map[string][]string{}
	for id, r := range st.resources {
		for _, d := range r.dependsOn {
			if st.resources[d] != nil {
				dependencies[id] = append(dependencies[id], d)
			}
		}
		if dependencies[id] == nil {
			dependencies[id] = []string{}
		}
	}
	sorted, err := order(dependencies)
	if err != nil {
		// Resources of two templates, after a failed update, can form a cycle
		// that neither template has; any order is then as good as another.
		return slices.Sorted(maps.Keys(st.resources))
	}
	return sorted
}

// stackARN is the ARN of the stack in authorization requests; of a stack that
// does not exist its last element is a wildcard.
func stackARN(region, account, name, id string) string {
	return api.ARN("cloudformation", region, account, "stack/"+name+"/"+id)
}

// find is the stack that a name or an ARN names. A deleted stack is found by
// its ARN alone. Service.mu must be held.
func (s *Service) find(account, region, nameOrARN string) *stack {
	for _, st := range slices.Backward(s.stacks) {
		if st.account != account || st.region != region {
			continue
		}
		if st.id == nameOrARN || (st.name == nameOrARN && st.status != "DELETE_COMPLETE") {
			return st
		}
	}
	return nil
}

// newStackARN is the id of a stack to come.
func newStackARN(c api.Call, name string) string {
	return stackARN(c.Region, c.Account, name, api.UUID())
}

// newStack adds a stack. Service.mu must be held.
func (s *Service) newStack(c api.Call, id string) *stack {
	st := &stack{
		id: id, name: shortName(id), account: c.Account, region: c.Region,
		clock: s.opt.Now, rollsBack: true, changeSets: map[string]*changeSet{},
		state: state{resources: map[string]*resource{}},
	}
	st.created = st.now()
	s.stacks = append(s.stacks, st)
	return st
}

const stackType = "AWS::CloudFormation::Stack"

// enter puts the stack into a status and records the event. Service.mu must be
// held.
func (st *stack) enter(status, reason, token string) {
	st.status, st.statusReason = status, reason
	st.record(event{token: token, logicalID: st.name, physical: st.id, typ: stackType, status: status, reason: reason})
}

// record adds an event, later than the one before by a millisecond at least:
// clients order events by their times, which have no more precision. Service.mu
// must be held.
func (st *stack) record(e event) {
	e.time, e.operation = st.nextTime(), st.operation
	e.id = e.logicalID + "-" + e.status + "-" + api.UUID()
	st.events = append(st.events, e)
}

// isProtected says whether the stack has termination protection, which a nested
// stack has from its root.
//
// Source: CloudFormation user guide, using-cfn-protect-stacks.
func (st *stack) isProtected() bool { return cmp.Or(st.root, st).protected }

// now is the time of an event: whole milliseconds, as it is written on the
// wire, so that a client which compares it with a time it was told before does
// not find it earlier.
func (st *stack) now() time.Time { return st.clock().UTC().Truncate(time.Millisecond) }

// nextTime is now, or just after the last event. Service.mu must be held.
func (st *stack) nextTime() time.Time {
	t := st.now()
	if n := len(st.events); n > 0 && !t.After(st.events[n-1].time) {
		t = st.events[n-1].time.Add(time.Millisecond)
	}
	return t
}

func (st *stack) busy() bool {
	return strings.HasSuffix(st.status, "_IN_PROGRESS") && st.status != "REVIEW_IN_PROGRESS"
}

// pseudo are the pseudo parameters.
//
// Source: CloudFormation template reference, pseudo-parameter-reference.
func (st *stack) pseudo() map[string]any {
	return pseudoParameters(st.account, st.region, st.id, st.name)
}

func pseudoParameters(account, region, id, name string) map[string]any {
	return map[string]any{
		"AWS::AccountId":        account,
		"AWS::Region":           region,
		"AWS::Partition":        "aws",
		"AWS::URLSuffix":        "amazonaws.com",
		"AWS::StackId":          id,
		"AWS::StackName":        name,
		"AWS::NotificationARNs": []any{},
	}
}
