package cloudformation

import (
	"net/http"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// The operations that start work on a stack, beside ExecuteChangeSet.

type stackID struct{ StackId string }

func (s *Service) createStack(c api.Call, q query) (any, error) {
	name, token := q.Text("StackName"), q.Text("ClientRequestToken")
	protect, onFailure := q.flag("EnableTerminationProtection"), q.Text("OnFailure")
	if _, err := s.authorize(c, "CreateStack", name, requestKeys(q)); err != nil {
		return nil, err
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	if onFailure != "" && onFailure != "ROLLBACK" && onFailure != "DO_NOTHING" {
		return nil, invalid("the local AWS does not carry out OnFailure %s", onFailure)
	}
	if err := refuseOptions(q); err != nil {
		return nil, err
	}
	p, err := s.prepare(c, q, name, nil)
	if err != nil {
		return nil, err
	}
	p.disableRollback = p.disableRollback || onFailure == "DO_NOTHING"
	call, err := s.execution(c, p.roleARN, p.roleARN != "")
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.find(c.Account, c.Region, name) != nil {
		return nil, api.Errorf(http.StatusBadRequest, "AlreadyExistsException", "Stack [%s] already exists", name)
	}
	st := s.newStack(c, newStackARN(c, name))
	st.protected = protect
	s.start(st, call, "CREATE_IN_PROGRESS", token, func(o *operation) { o.runCreate(p) })
	return stackID{st.id}, nil
}

func (s *Service) updateStack(c api.Call, q query) (any, error) {
	name, token := q.Text("StackName"), q.Text("ClientRequestToken")
	st, err := s.authorize(c, "UpdateStack", name, requestKeys(q))
	if err != nil {
		return nil, err
	}
	if st == nil {
		return nil, invalid("Stack [%s] does not exist", name)
	}
	if err := refuseOptions(q); err != nil {
		return nil, err
	}
	p, err := s.prepare(c, q, st.name, st)
	if err != nil {
		return nil, err
	}
	call, err := s.execution(c, p.roleARN, q.Has("RoleARN"))
	if err != nil {
		return nil, err
	}
	if _, differs, err := s.predict(p, st, call); err != nil {
		return nil, err
	} else if !differs {
		return nil, invalid("No updates are to be performed.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := st.updatable(); err != nil {
		return nil, err
	}
	if err := st.mayRollBack(p.disableRollback); err != nil {
		return nil, err
	}
	clear(st.changeSets) // they compare with a state that is gone
	s.start(st, call, "UPDATE_IN_PROGRESS", token, func(o *operation) { o.runUpdate(p) })
	return stackID{st.id}, nil
}

// deleteStack of a stack that does not exist succeeds, as CloudFormation's
// does.
func (s *Service) deleteStack(c api.Call, q query) (any, error) {
	name, token, roleARN := q.Text("StackName"), q.Text("ClientRequestToken"), q.Text("RoleARN")
	retain, mode := q.List("RetainResources"), q.Text("DeletionMode")
	st, err := s.authorize(c, "DeleteStack", name, requestKeys(q))
	if err != nil {
		return nil, err
	}
	if err := checkDeploymentConfig(q, &plan{}); err != nil {
		return nil, err
	}
	if err := q.Done(); err != nil {
		return nil, err
	}
	if mode != "" && mode != "STANDARD" {
		return nil, invalid("the local AWS does not carry out DeletionMode %s", mode)
	}
	if st == nil {
		return nil, nil
	}
	s.mu.Lock()
	if roleARN == "" {
		roleARN = st.roleARN
	}
	status := st.status
	s.mu.Unlock()
	if status == "DELETE_COMPLETE" {
		return nil, nil
	}
	call := c.CalledVia("cloudformation.amazonaws.com")
	if status != "REVIEW_IN_PROGRESS" { // there is nothing to delete as the role
		if call, err = s.execution(c, roleARN, q.Text("RoleARN") != ""); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if st.isProtected() {
		return nil, invalid("Stack [%s] cannot be deleted while TerminationProtection is enabled", st.name)
	}
	if st.busy() {
		return nil, invalid("Stack:%s is in %s state and can not be deleted.", st.id, st.status)
	}
	if len(retain) > 0 && st.status != "DELETE_FAILED" {
		return nil, invalid("Invalid operation on stack [%s]. Specify a list of resources to retain only when you delete a stack in DELETE_FAILED state.", st.id)
	}
	clear(st.changeSets)
	s.start(st, call, "DELETE_IN_PROGRESS", token, func(o *operation) { o.runDelete(retain) })
	return nil, nil
}

func (s *Service) rollbackStack(c api.Call, q query) (any, error) {
	token, retainExceptOnCreate := q.Text("ClientRequestToken"), q.flag("RetainExceptOnCreate")
	return s.resume(c, q, "RollbackStack", func(st *stack) (string, func(*operation), error) {
		switch st.status {
		case "CREATE_FAILED":
			return "ROLLBACK_IN_PROGRESS", func(o *operation) { o.retainsNothing = retainExceptOnCreate; o.undoCreate() }, nil
		case "UPDATE_FAILED":
			return "UPDATE_ROLLBACK_IN_PROGRESS", func(o *operation) { o.beginUndo(); o.undoUpdate() }, nil
		}
		return "", nil, invalid("Stack:%s is in %s state and can not be rolled back.", st.id, st.status)
	}, token)
}

func (s *Service) continueUpdateRollback(c api.Call, q query) (any, error) {
	token, skip := q.Text("ClientRequestToken"), q.List("ResourcesToSkip")
	result, err := s.resume(c, q, "ContinueUpdateRollback", func(st *stack) (string, func(*operation), error) {
		if st.status != "UPDATE_ROLLBACK_FAILED" {
			return "", nil, invalid("Stack:%s is in %s state and can not continue its rollback.", st.id, st.status)
		}
		return "UPDATE_ROLLBACK_IN_PROGRESS", func(o *operation) { o.skip = skip; o.undoUpdate() }, nil
	}, token)
	if err != nil {
		return nil, err
	}
	_ = result // ContinueUpdateRollback answers nothing
	return struct{}{}, nil
}

// resume starts a rollback that the stack's status allows.
func (s *Service) resume(c api.Call, q query, action string, work func(*stack) (string, func(*operation), error), token string) (any, error) {
	name, roleARN := q.Text("StackName"), q.Text("RoleARN")
	if err := q.Done(); err != nil {
		return nil, err
	}
	st, err := s.authorizedStack(c, action, name, requestKeys(q))
	if err != nil {
		return nil, err
	}
	passed := roleARN != ""
	if !passed {
		s.mu.Lock()
		roleARN = st.roleARN
		s.mu.Unlock()
	}
	call, err := s.execution(c, roleARN, passed)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	status, run, err := work(st)
	if err != nil {
		return nil, err
	}
	s.start(st, call, status, token, run)
	return stackID{st.id}, nil
}

func (s *Service) updateTerminationProtection(c api.Call, q query) (any, error) {
	name, protect := q.Text("StackName"), q.flag("EnableTerminationProtection")
	if err := q.Done(); err != nil {
		return nil, err
	}
	st, err := s.authorize(c, "UpdateTerminationProtection", name, nil)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if st == nil || st.status == "DELETE_COMPLETE" {
		return nil, invalid("Stack [%s] does not exist", name)
	}
	if st.parent != nil {
		return nil, invalid("Stack [%s] is a nested stack; termination protection is set on its root stack %s and can't be changed directly on it", st.name, st.root.id)
	}
	st.protected = protect
	return stackID{st.id}, nil
}
