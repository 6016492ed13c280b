using FeedbackAlignment.Experiments.Studies.Clusters;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Studies.Clusters;

public sealed class KubernetesJobTests
{
    [Fact]
    public void TheJobIsAsApproved() => Approved.Matches(
        "tests/FeedbackAlignment.Experiments.Tests/Approved/KubernetesJob.txt",
        KubernetesJob.Write(
            new ClusterRequest
            {
                Command = new WorkerCommand(["fa"], "/shared/my study"),
                Name = "Scale of B",
                Tasks = 20,
                Throttle = 5,
                Processors = 2,
                Memory = "4G",
            },
            image: "registry.example/fa:1",
            volumeClaim: "studies",
            mountPath: "/shared"));
}
