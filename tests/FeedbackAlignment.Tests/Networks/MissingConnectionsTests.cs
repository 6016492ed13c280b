using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Networks;

/// <summary>Networks in which connections are missing.</summary>
public sealed class MissingConnectionsTests
{
    private static readonly Dictionary<string, Connectivity> _half = new() { ["hidden1"] = Connectivity.Random(0.5), ["output"] = Connectivity.Random(0.5) };

    [Fact]
    public void WeightsThatAreLeftAreThoseOfTheWholeNetwork()
    {
        var (whole, sparse) = (Network.Mlp("9-8-7-3", seed: 4), Network.Mlp("9-8-7-3", seed: 4, new() { Connectivity = _half }));
        Assert.Null(sparse.Layers[1].Weights.Connections);
        Some.AssertSameBits(whole.Layers[1].Weights.Read(), sparse.Layers[1].Weights.Read());
        foreach (var layer in (int[])[0, 2])
        {
            var (all, left) = (whole.Layers[layer].Weights.Read(), sparse.Layers[layer].Weights.Read());
            var connections = sparse.Layers[layer].Weights.Connections!.Value;
            var missing = 0;
            for (var i = 0; i < all.Rows * all.Columns; i++)
            {
                var (row, column) = (i / all.Columns, i % all.Columns);
                var there = connections[row, column] > 0;
                missing += there ? 0 : 1;
                Assert.Equal(BitConverter.SingleToInt32Bits(there ? all[row, column] : 0f), BitConverter.SingleToInt32Bits(left[row, column]));
            }

            Assert.InRange(missing, 1, all.Rows * all.Columns - 1);
        }
    }

    [Fact]
    public void WhichAreMissingDependsOnTheSeedAndOnTheLayersNameAndSizeOnly()
    {
        Matrix Hidden1(string sizes, ulong seed)
            => Network.Mlp(sizes, seed, new() { Connectivity = _half }).Layers[0].Weights.Connections!.Value;
        Some.AssertSameBits(Hidden1("9-8-3", 4), Hidden1("9-8-5-2", 4));
        Assert.False(Some.SameBits(Hidden1("9-8-3", 4), Hidden1("9-8-3", 5)));
        var square = Network.Mlp("9-9-9", seed: 4, new() { Connectivity = _half });
        Assert.False(Some.SameBits(square.Layers[0].Weights.Connections!.Value, square.Layers[1].Weights.Connections!.Value));
    }

    [Fact]
    public void AShareOfOneIsTheWholeNetworkAndNoMaskAtAll()
    {
        var all = new Dictionary<string, Connectivity> { ["hidden1"] = Connectivity.Random(1), ["output"] = Connectivity.InputsPerUnit(8) };
        var network = Network.Mlp("9-8-3", seed: 4, new() { Connectivity = all });
        Assert.All(network.Parameters, parameter => Assert.Null(parameter.Connections));
        Some.AssertSameBits(Some.Copies(Network.Mlp("9-8-3", seed: 4).Parameters), Some.Copies(network.Parameters));
    }

    [Fact]
    public void AnUnknownLayerIsRefusedWithTheNamesThereAre()
    {
        var names = Assert.Throws<ArgumentException>(() => Some.Sparse("9-8-7-3", 1, 0.5, "hidden3"));
        Assert.Contains("\"hidden3\"; there are hidden1, hidden2, output", names.Message, StringComparison.Ordinal);
        Assert.Equal(["output"], Network.LayerNames(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Network.LayerNames(0));
    }

    [Fact]
    public void AParameterTakesConnectionsInEitherOrderAndOfItsOwnShapeOnly()
    {
        var connections = Matrix.From(new float[,] { { 1, 0, 1 }, { 0, 1, 1 } });
        foreach (var order in Enum.GetValues<MatrixOrder>())
        {
            var parameter = new Parameter("w", ParameterKind.Weights, Some.Matrix(2, 3, 1, order), connections);
            Assert.Equal([(0, 1), (1, 0)], Zeros(parameter.Read()));
            parameter.Draw(WeightDistribution.Uniform(1), new RandomStreams(1).Stream("w"));
            Assert.Equal([(0, 1), (1, 0)], Zeros(parameter.Read()));
        }

        var misfit = Assert.Throws<ArgumentException>(() => new Parameter("w", ParameterKind.Weights, new Matrix(3, 2), connections));
        Assert.Contains("2 × 3", misfit.Message, StringComparison.Ordinal);
    }

    /// <summary>What counts is the gradient that a rule gives; how it gives it, as factors or as values, does not.</summary>
    [Fact]
    public void AGradientIsZeroWhereAConnectionIsMissingHoweverItWasGiven()
    {
        var connections = Matrix.From(new float[,] { { 1, 0, 1 }, { 0, 1, 1 } });
        var parameter = new Parameter("w", ParameterKind.Weights, new Matrix(2, 3, MatrixOrder.ColumnMajor), connections);
        var gradients = new Gradients([parameter], new Compute());
        var gradient = gradients[parameter];
        var target = new Matrix(2, 3, MatrixOrder.ColumnMajor);
        foreach (var give in (Action[])[() => gradient.Write().Fill(float.NegativeInfinity), () => gradient.SetMeanOuterProduct(Some.Matrix(4, 2, 2), Some.Matrix(4, 3, 3))])
        {
            target.Fill(5);
            give();
            gradient.AddTo(target, -1);
            Assert.Equal((5, 5), (target[0, 1], target[1, 0]));
            Assert.NotEqual(5, target[0, 0]);
            Assert.Equal([(0, 1), (1, 0)], Zeros(gradient.Values));
        }

        var bias = new Parameter("b", ParameterKind.Biases, new Matrix(1, 3), Matrix.From(new float[,] { { 1, 0, 1 } }));
        var ofBias = new Gradients([bias], new Compute())[bias];
        ofBias.SetMean(Some.Matrix(4, 3, 1));
        Assert.Equal([(0, 1)], Zeros(ofBias.Values));
    }

    /// <summary>The paper's sparse network: of the pairs of a hidden unit and an output a quarter are connected both ways.</summary>
    [Fact]
    public void HalfOfTheConnectionsEachWayMakeAQuarterReciprocal()
    {
        var network = Network.Mlp("3-1000-10", seed: 1, new() { Connectivity = _half });
        var setup = new RuleSetup(network, Loss.SoftmaxCrossEntropy, 1, new RandomStreams(1), feedback: new FeedbackOptions { Share = 0.5 });
        var (forward, back) = (network.Layers[1].Weights.Read(), setup.DrawFeedback()[1].Read());
        double ways = 0, forwardOnly = 0, backOnly = 0;
        for (var unit = 0; unit < 1000; unit++)
        {
            for (var output = 0; output < 10; output++)
            {
                ways += forward[output, unit] != 0 && back[output, unit] != 0 ? 1 : 0;
                forwardOnly += forward[output, unit] != 0 ? 1 : 0;
                backOnly += back[output, unit] != 0 ? 1 : 0;
            }
        }

        Assert.Equal(0.25, ways / 10_000, 0.01);
        Assert.Equal(0.5, forwardOnly / 10_000, 0.02);
        Assert.Equal(0.5, backOnly / 10_000, 0.02);
    }

    private static List<(int, int)> Zeros(Matrix matrix)
        => [.. Enumerable.Range(0, matrix.Rows).SelectMany(row => Enumerable.Range(0, matrix.Columns).Select(column => (row, column)))
            .Where(place => BitConverter.SingleToInt32Bits(matrix[place.row, place.column]) == 0)];
}
