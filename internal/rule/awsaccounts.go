package rule

// ownedByAWS are accounts that AWS's own pages tell customers to write into
// policies, with what each is. Those of Elastic Load Balancing deliver access
// logs in the Regions that are older than August 2022.
// Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
var ownedByAWS = map[string]string{
	"127311923021": "load balancer logs in us-east-1",
	"033677994240": "load balancer logs in us-east-2",
	"027434742980": "load balancer logs in us-west-1",
	"797873946194": "load balancer logs in us-west-2",
	"098369216593": "load balancer logs in af-south-1",
	"754344448648": "load balancer logs in ap-east-1",
	"589379963580": "load balancer logs in ap-southeast-3",
	"718504428378": "load balancer logs in ap-south-1",
	"383597477331": "load balancer logs in ap-northeast-3",
	"600734575887": "load balancer logs in ap-northeast-2",
	"114774131450": "load balancer logs in ap-southeast-1",
	"783225319266": "load balancer logs in ap-southeast-2",
	"582318560864": "load balancer logs in ap-northeast-1",
	"985666609251": "load balancer logs in ca-central-1",
	"054676820928": "load balancer logs in eu-central-1",
	"156460612806": "load balancer logs in eu-west-1",
	"652711504416": "load balancer logs in eu-west-2",
	"635631232127": "load balancer logs in eu-south-1",
	"009996457667": "load balancer logs in eu-west-3",
	"897822967062": "load balancer logs in eu-north-1",
	"076674570225": "load balancer logs in me-south-1",
	"507241528517": "load balancer logs in sa-east-1",
	"048591011584": "load balancer logs in us-gov-west-1",
	"190560391635": "load balancer logs in us-gov-east-1",
	"638102146993": "load balancer logs in cn-north-1",
	"037604701340": "load balancer logs in cn-northwest-1",
}
