using System.Text.Json;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Reference.PyTorch;

/// <summary>Networks of pictures whose files PyTorch has made: what is read answers as there, and goes back as it came.</summary>
public sealed class NetworksOfPyTorchTests
{
    private const double Share = 1e-5;

    private static readonly string[] _files = ["networks", "feedback", "resnet"];

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var file in _files)
        {
            foreach (var number in Fixture.Numbers(file).Select(row => row.Data))
            {
                cases.Add(file, number);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheyAnswerAsInPyTorch(string file, int number)
    {
        var given = Fixture.Cases(file)[number];
        var network = Read(given);
        Fixture.AssertClose(
            given.GetProperty("output").Table(), Table.Of(network.Predict(Inputs(given))), Share, given.Text("case"));
    }

    /// <summary>Only what a network does not need is left out: counts of batches, and feedback weights.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void TheyGoBackAsTheyCame(string file, int number)
    {
        var given = Fixture.Cases(file)[number];
        var came = Fixture.State(given.Text("case")).Tensors
            .Where(tensor => !tensor.Name.EndsWith("_tracked", StringComparison.Ordinal)
                && !tensor.Name.EndsWith("_backward", StringComparison.Ordinal));
        Assert.Equal(came.Select(Bytes).Order(), Read(given).ToTensors(TensorNaming.PyTorch).Select(Bytes).Order());

        static string Bytes(NamedTensor tensor) => $"[{string.Join(", ", tensor.Shape)}] {Convert.ToHexString(tensor.Values.ToBytes())}";
    }

    [Fact]
    public void NamesAreThoseOfASequential()
    {
        var exported = Read(Fixture.Cases("networks")[0]).ToTensors(TensorNaming.PyTorch);
        Assert.Equal(
            ["0.weight [4, 2, 3, 3]", "0.bias [4]", "2.weight [4]", "2.bias [4]", "2.running_mean [4]", "2.running_var [4]",
                "5.weight [6, 2, 2, 3]",
                "5.bias [6]", "8.weight [5, 24]", "8.bias [5]", "10.weight [3, 5]", "10.bias [3]"],
            exported.Select(tensor => $"{tensor}"));
    }

    /// <summary>PyTorch did the same step in double; the error goes back through the weights of the file.</summary>
    [Fact]
    public void AStepOfFeedbackAlignmentGoesThroughTheFeedbackWeightsOfTheFile()
    {
        var given = Fixture.Cases("feedback")[0];
        var (network, plan) = (Read(given), NetworkPlan.Parse(given.Text("plan")));
        var file = Fixture.State("feedback").WithNetworkNames(plan, "feedback");
        var feedback = network.Layers.Skip(1).Zip(network.Layers, (from, to) => file.Find($"feedback.{from.Name}-{to.Name}")!.Values);
        var rule = new FeedbackAlignmentRule(Some.Setup(network, Loss.SoftmaxCrossEntropy), [.. Some.Fixed([default, .. feedback])]);
        var gradients = new Gradients(network.Parameters, network.Compute);
        var loss = rule.EstimateGradients(new Batch(Inputs(given), given.GetProperty("targets").Table().Single()), gradients);
        Assert.Equal(given.Number("loss"), loss, Share);

        var expected = new SafetensorsFile(given.Tensors("gradients")).WithNetworkNames(plan, "gradients");
        Assert.All(network.Parameters, parameter => Fixture.AssertCloseByNorm(
            Table.Of(expected.Find(parameter.Name)!.Values), Table.Of(gradients[parameter].Values), Share, parameter.Name));
    }

    /// <summary>Names of two widespread implementations, with and without the prefix of parallel training.</summary>
    [Theory]
    [InlineData("", "linear")]
    [InlineData("module.", "fc")]
    public void TheUsualNamesOfAResidualNetworkAreThoseOfThePreset(string prefix, string output)
    {
        var plan = NetworkPlan.Parse("resnet-20");
        var network = plan.Build(3, new() { Bias = false });
        var names = new List<string> { "conv1", "bn1" };
        foreach (var block in Enumerable.Range(0, 9))
        {
            names.AddRange(((string[])["conv1", "bn1", "conv2", "bn2"]).Select(name => $"layer{block / 3 + 1}.{block % 3}.{name}"));
        }

        names.Add(output);
        var modules = network.ToTensors(TensorNaming.PyTorch).GroupBy(tensor => tensor.Name[..tensor.Name.LastIndexOf('.')]);
        var file = new SafetensorsFile(
            modules.Zip(names).SelectMany(pair
                => pair.First.Select(tensor => tensor with { Name = $"{prefix}{pair.Second}{tensor.Name[pair.First.Key.Length..]}" }))
                .OrderBy(tensor => tensor.Name, StringComparer.Ordinal));
        var loaded = NetworkFile.FromTensors(file, "resnet", plan: plan);
        Some.AssertSameBits(Some.Copies(network.Parameters), Some.Copies(loaded.Parameters));
    }

    [Fact]
    public void NamesThatDoNotSayTheOrderNeedIt()
    {
        var plan = NetworkPlan.Parse("2x4x4, conv 3x3 2 relu, conv 3x3 2 relu, dense 3");
        var network = plan.Build(1);
        string[] names = ["second", "first", "top"];
        var file = new SafetensorsFile(network.ToTensors(TensorNaming.PyTorch).Select((tensor, i) => tensor with
        {
            Name = names[i / 2] + tensor.Name[tensor.Name.IndexOf('.', StringComparison.Ordinal)..],
        }));
        Refused(
            "the order of \"second\" and \"first\" is not clear from their names; name all modules in their order with the parameter "
                + "order, or with `fa import --order second,first`", file, plan);
        Refused("the order must name each module once (second,first,top), was first,top", file, plan, ["first", "top"]);
        var loaded = NetworkFile.FromTensors(file, "m", order: names, plan: plan);
        Some.AssertSameBits(Some.Copies(network.Parameters), Some.Copies(loaded.Parameters));
    }

    [Fact]
    public void FilesOfOtherNetworksAreRefusedInALine()
    {
        var (whole, plan) = (Fixture.State("chain").Tensors, NetworkPlan.Parse(Fixture.Cases("networks")[0].Text("plan")));
        Refuse("there is no 1.running_var [4], which batch-norm (norm1) has", Without("1.running_var"));
        Refuse("the file has 1 of the kind \"dense layer\" (7), but 2x6x8, conv 3x3 4, batch-norm, relu,", Without("9.weight", "9.bias"));
        Refuse("4.weight [6, 2, 3, 2] must be [6, 2, 2, 3], which hidden2.weights of 2x6x8, conv",
            With("4.weight", tensor => tensor with { Shape = [6, 2, 3, 2] }));
        Refuse("7.weight [6, 20] must be [5, 24], which hidden3.weights of",
            With("7.weight", tensor => tensor with { Shape = [6, 20], Values = new(6, 20) }));
        Refuse("0.bias [3] must be [4], which hidden1.biases of",
            With("0.bias", tensor => tensor with { Shape = [3], Values = new(1, 3) }));
        Refuse("0.scale [4] belongs to nothing of conv 3x3 4 (hidden1)", With("0.bias", tensor => tensor with { Name = "0.scale" }));
        Refuse("own.factor [4] belongs to no module of", With("0.bias", tensor => tensor with { Name = "own.factor" }));
        Refuse("0.weight [4, 2, 3, 3] is neither weights (NAME.weight", whole, isPlanned: false);
        Refuse("3.weight_backward [2, 2] must be [3, 2] as the weights, or have 3 rows, one for each output",
            [.. Small(), new("3.weight_backward", [2, 2], new(2, 2))], small: true);

        void Refuse(string problem, IEnumerable<NamedTensor> tensors, bool isPlanned = true, bool small = false)
            => Refused(problem, new(tensors), small ? NetworkPlan.Parse("4, dense 2 relu, dense 3") : isPlanned ? plan : null);

        IEnumerable<NamedTensor> Small() => NetworkPlan.Parse("4, dense 2 relu, dense 3").Build(1).ToTensors().Select((tensor, i)
            => tensor with { Name = ((string[])["0.weight", "0.bias", "3.weight", "3.bias"])[i] });

        IEnumerable<NamedTensor> Without(params string[] names) => whole.Where(tensor => !names.Contains(tensor.Name));

        IEnumerable<NamedTensor> With(string name, Func<NamedTensor, NamedTensor> change)
            => whole.Select(tensor => tensor.Name == name ? change(tensor) : tensor);
    }

    private static void Refused(string problem, SafetensorsFile file, NetworkPlan? plan, IReadOnlyList<string>? order = null)
    {
        var refusal = Assert.Throws<DataFormatException>(() => NetworkFile.FromTensors(file, "m", order: order, plan: plan)).Message;
        Assert.StartsWith($"m: {problem}", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
    }

    private static Network Read(JsonElement given)
        => NetworkFile.FromTensors(Fixture.State(given.Text("case")), given.Text("case"), plan: NetworkPlan.Parse(given.Text("plan")));

    private static Matrix Inputs(JsonElement given) => given.GetProperty("inputs").Table().Single();
}
