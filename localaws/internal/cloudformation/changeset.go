package cloudformation

import (
	"net/http"
	"strings"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

type changeSet struct {
	id, name, typ, description string
	status, reason, execution  string
	created                    time.Time
	plan                       *plan
	changes                    []change
	importExisting             bool
}

func (s *Service) createChangeSet(c api.Call, q query) (any, error) {
	name, set := q.Text("StackName"), &changeSet{
		name: q.Text("ChangeSetName"), typ: q.Text("ChangeSetType"), description: q.Text("Description"),
		status: "CREATE_COMPLETE", execution: "AVAILABLE", importExisting: q.flag("ImportExistingResources"),
	}
	imports := q.resourcesToImport()
	q.Text("ClientToken")
	q.Text("IncludeNestedStacks") // that a nested stack may change is all that a change set says of it
	keys := requestKeys(q)
	if len(imports) > 0 {
		keys["cloudformation:ImportResourceTypes"] = typesOf(imports)
	}
	st, err := s.authorize(c, "CreateChangeSet", name, keys)
	if err != nil {
		return nil, err
	}
	if set.name == "" || name == "" {
		return nil, invalid("StackName and ChangeSetName must be given")
	}
	s.mu.Lock()
	err = set.possible(st, name)
	current := st
	if st != nil && st.status == "REVIEW_IN_PROGRESS" {
		current = nil
	}
	s.mu.Unlock()
	if err == nil && st == nil {
		err = checkName(name)
	}
	if err != nil {
		return nil, err
	}
	if err := refuseOptions(q); err != nil {
		return nil, err
	}
	if len(imports) > 0 && (set.typ != "IMPORT" || set.importExisting) {
		return nil, invalid("ResourcesToImport needs a change set of type IMPORT, without ImportExistingResources")
	}
	p, err := s.prepare(c, q, shortName(name), current)
	if err != nil {
		return nil, err
	}
	if set.typ == "IMPORT" {
		if err := s.planImports(p, current, imports); err != nil {
			return nil, err
		}
	}
	call, err := s.execution(c, p.roleARN, q.Has("RoleARN"))
	if err != nil {
		return nil, err
	}
	set.plan = p
	s.mu.Lock()
	if st == nil {
		st = s.find(c.Account, c.Region, name) // made by another request meanwhile
	}
	if err := set.possible(st, name); err != nil {
		s.mu.Unlock()
		return nil, err
	}
	if st == nil {
		st = s.newStack(c, newStackARN(c, name))
		st.roleARN = p.roleARN
		st.enter("REVIEW_IN_PROGRESS", "User Initiated", q.Text("ClientToken"))
	}
	s.mu.Unlock()
	differs := true
	if set.typ == "IMPORT" {
		set.changes, err = s.predictImport(p, st, call)
	} else {
		set.changes, differs, err = s.predict(p, st, call)
	}
	switch {
	case err != nil:
		set.fail(reason(err))
	case !differs:
		set.fail("The submitted information didn't contain changes. Submit different information to create a change set.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	set.id = strings.Replace(stackARN(c.Region, c.Account, set.name, api.UUID()), ":stack/", ":changeSet/", 1)
	if st.changeSets[set.name] != nil {
		return nil, api.Errorf(http.StatusBadRequest, "AlreadyExistsException", "ChangeSet %s already exists", set.name)
	}
	set.created = st.nextTime() // clients show the events from here on
	st.changeSets[set.name] = set
	return struct{ Id, StackId string }{set.id, st.id}, nil
}

func (set *changeSet) fail(reason string) {
	set.status, set.execution, set.reason = "FAILED", "UNAVAILABLE", reason
}

// possible says whether the stack's status allows the change set.
func (set *changeSet) possible(st *stack, name string) error {
	switch set.typ {
	case "CREATE":
		if st != nil && st.status != "REVIEW_IN_PROGRESS" {
			return invalid("Stack [%s] already exists and cannot be created again with the changeSet [%s].", name, set.name)
		}
		return nil
	case "", "UPDATE":
		set.typ = "UPDATE"
		if st == nil || st.status == "REVIEW_IN_PROGRESS" {
			return invalid("Stack [%s] does not exist", name)
		}
		return st.updatable()
	case "IMPORT":
		if st == nil || st.status == "REVIEW_IN_PROGRESS" {
			return nil
		}
		return st.importable()
	}
	return invalid("the local AWS does not carry out change sets of type %s", set.typ)
}

// updatable says whether an update may start.
//
// Source: CloudFormation user guide, view-stack-events, stack status codes.
func (st *stack) updatable() error {
	switch st.status {
	case "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "CREATE_FAILED", "UPDATE_FAILED", "IMPORT_COMPLETE":
		return nil
	case "IMPORT_ROLLBACK_COMPLETE":
		if st.template == nil {
			return invalid("Stack:%s has no template, as its import has failed, and can not be updated; delete it and import again.", st.id)
		}
		return nil
	}
	return invalid("Stack:%s is in %s state and can not be updated.", st.id, st.status)
}

// mayRollBack refuses an operation with rollback on a stack that an operation
// without rollback has left failed.
func (st *stack) mayRollBack(disableRollback bool) error {
	if !disableRollback && (st.status == "CREATE_FAILED" || st.status == "UPDATE_FAILED") {
		return invalid("This stack is currently in a non-terminal [%s] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API", st.status)
	}
	return nil
}

// requestKeys are CloudFormation's own condition keys.
//
// Source: service authorization reference, list_awscloudformation.
func requestKeys(q query) map[string]iam.Strings {
	keys := map[string]iam.Strings{}
	for key, parameter := range map[string]string{
		"cloudformation:ChangeSetName": "ChangeSetName",
		"cloudformation:RoleArn":       "RoleARN",
		"cloudformation:TemplateUrl":   "TemplateURL",
	} {
		if v := q.Text(parameter); v != "" {
			keys[key] = iam.Strings{v}
		}
	}
	return keys
}

// refuseOptions reads the lists that clients send empty, and refuses them by
// name when they ask for something.
func refuseOptions(q query) error {
	for _, name := range []string{"NotificationARNs", "ResourceTypes"} {
		if len(q.List(name)) > 0 {
			return invalid("the local AWS does not carry out %s of %s", name, q.Action())
		}
	}
	return nil
}

// shortName is the name in a stack's ARN, or the name itself.
func shortName(nameOrARN string) string {
	if _, rest, ok := strings.Cut(nameOrARN, ":stack/"); ok {
		name, _, _ := strings.Cut(rest, "/")
		return name
	}
	return nameOrARN
}

// changeSetOf finds a change set by name or ARN and its stack. Service.mu must
// be held.
func (s *Service) changeSetOf(c api.Call, stackName, name string) (*stack, *changeSet, error) {
	for _, st := range s.stacks {
		if st.account != c.Account || st.region != c.Region || (stackName != "" && st != s.find(c.Account, c.Region, stackName)) {
			continue
		}
		for _, set := range st.changeSets {
			if set.id == name || (stackName != "" && set.name == name) {
				return st, set, nil
			}
		}
	}
	return nil, nil, api.Errorf(http.StatusNotFound, "ChangeSetNotFound", "ChangeSet [%s] does not exist", name)
}

func (s *Service) deleteChangeSet(c api.Call, q query) (any, error) {
	stackName, name := q.Text("StackName"), q.Text("ChangeSetName")
	if err := q.Done(); err != nil {
		return nil, err
	}
	if _, err := s.authorize(c, "DeleteChangeSet", stackName, requestKeys(q)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, set, err := s.changeSetOf(c, stackName, name)
	if err == nil {
		delete(st.changeSets, set.name)
		return struct{}{}, nil
	}
	if s.find(c.Account, c.Region, stackName) != nil {
		return struct{}{}, nil // it is gone already
	}
	return nil, err
}

func (s *Service) executeChangeSet(c api.Call, q query) (any, error) {
	stackName, name, token := q.Text("StackName"), q.Text("ChangeSetName"), q.Text("ClientRequestToken")
	disableRollback := q.flag("DisableRollback")
	if err := q.Done(); err != nil {
		return nil, err
	}
	if _, err := s.authorize(c, "ExecuteChangeSet", stackName, requestKeys(q)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	st, set, err := s.changeSetOf(c, stackName, name)
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	call, err := s.execution(c, set.plan.roleARN, false)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if set.execution != "AVAILABLE" {
		return nil, api.Errorf(http.StatusBadRequest, "InvalidChangeSetStatus", "ChangeSet [%s] cannot be executed in its current status of [%s]", set.id, set.status)
	}
	p := *set.plan
	p.disableRollback = p.disableRollback || disableRollback
	if set.typ == "CREATE" {
		if st.status != "REVIEW_IN_PROGRESS" {
			return nil, invalid("Stack [%s] already exists and cannot be created again with the changeSet [%s].", st.name, set.name)
		}
		clear(st.changeSets)
		s.start(st, call, "CREATE_IN_PROGRESS", token, func(o *operation) { o.runCreate(&p) })
		return struct{}{}, nil
	}
	if set.typ == "IMPORT" {
		if p.disableRollback {
			return nil, invalid("the local AWS does not carry out DisableRollback of an import")
		}
		if st.status != "REVIEW_IN_PROGRESS" {
			if err := st.importable(); err != nil {
				return nil, err
			}
		}
		clear(st.changeSets)
		s.start(st, call, "IMPORT_IN_PROGRESS", token, func(o *operation) { o.runImport(&p) })
		return struct{}{}, nil
	}
	if err := st.updatable(); err != nil {
		return nil, err
	}
	if err := st.mayRollBack(p.disableRollback); err != nil {
		return nil, err
	}
	clear(st.changeSets) // executing one deletes all: they compare with a state that is gone
	s.start(st, call, "UPDATE_IN_PROGRESS", token, func(o *operation) { o.runUpdate(&p) })
	return struct{}{}, nil
}
