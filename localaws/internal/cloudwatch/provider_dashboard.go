package cloudwatch

import (
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// dashboardProperties are the properties of AWS::CloudWatch::Dashboard.
type dashboardProperties struct{ DashboardName, DashboardBody string }

// dashboardType makes AWS::CloudWatch::Dashboard. Ref is its name.
//
// Source: CloudFormation template reference, AWS::CloudWatch::Dashboard.
type dashboardType struct{ *Service }

func (t dashboardType) Check(want dashboardProperties) error {
	if strings.Contains(want.DashboardBody+want.DashboardName, api.NotYetKnown) {
		return nil
	}
	if want.DashboardName == "" {
		want.DashboardName = "generated"
	}
	return checkDashboard(want.DashboardName, want.DashboardBody)
}

func (t dashboardType) Create(s api.StackContext, logicalID string, want dashboardProperties) (api.Resource, error) {
	if want.DashboardName == "" {
		want.DashboardName = api.GeneratedName(s, logicalID, 255)
	}
	t.mu.Lock()
	_, there := t.dashboards[dashboardNamed(s.Call, want.DashboardName)]
	t.mu.Unlock()
	if there { // PutDashboard would change one that isn't the stack's own
		return api.Resource{}, fail("AlreadyExists", "Resource of type 'AWS::CloudWatch::Dashboard' with identifier '%s' already exists.", want.DashboardName)
	}
	if _, err := t.putDashboard(s.Call, putDashboardInput(want)); err != nil {
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: want.DashboardName}, nil
}

func (t dashboardType) Update(s api.StackContext, logicalID string, r api.Resource, old, want dashboardProperties) (api.Resource, error) {
	if old.DashboardName != want.DashboardName {
		return t.Create(s, logicalID, want)
	}
	_, err := t.putDashboard(s.Call, putDashboardInput{r.PhysicalID, want.DashboardBody})
	return r, err
}

func (t dashboardType) Delete(s api.StackContext, r api.Resource) error {
	_, err := t.deleteDashboards(s.Call, dashboardNames{[]string{r.PhysicalID}})
	return api.Ignore(err, noDashboard)
}
