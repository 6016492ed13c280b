using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests;

/// <summary>Random matrices, networks and examples for tests, and comparisons of bits.</summary>
internal static class Some
{
    public static Matrix Matrix(int rows, int columns, ulong seed, MatrixOrder order = MatrixOrder.RowMajor)
    {
        var matrix = new Matrix(rows, columns, order);
        var random = new RandomStreams(seed).Stream("test");
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                matrix[row, column] = (float)random.NextNormal();
            }
        }

        return matrix;
    }

    /// <summary>a · b + c as this process adds products. The product is kept in a double, where it is exact, and rounded by hand.</summary>
    public static float MultiplyAdd(float a, float b, float c)
    {
        if (Compute.Arithmetic == Arithmetic.Fused)
        {
            return MathF.FusedMultiplyAdd(a, b, c);
        }

        var product = (float)((double)a * b);
        return (float)((double)product + c);
    }

    /// <summary>Feedback weights of given numbers.</summary>
    public static WeightSource[] Fixed(params Matrix[] weights) => [.. weights.Select(matrix => new FixedWeights(matrix))];

    /// <summary>Calls an action with row and column of every element.</summary>
    public static void ForEach(Matrix matrix, Action<int, int> action)
    {
        for (var row = 0; row < matrix.Rows; row++)
        {
            for (var column = 0; column < matrix.Columns; column++)
            {
                action(row, column);
            }
        }
    }

    /// <summary>A network with random biases too, so that a bias which is lost or doubled shows.</summary>
    public static Network Network(
        string sizes, ulong seed, Activation? hidden = null, Activation? output = null, bool bias = true, Compute? compute = null)
    {
        var network = FeedbackAlignment.Networks.Network.Mlp(sizes, seed, new() { Hidden = hidden, Output = output, Bias = bias }, compute);
        foreach (var biases in network.Parameters.Where(parameter => parameter.Kind == ParameterKind.Biases))
        {
            WeightDistribution.Uniform(0.3).Draw(biases.Read(), new RandomStreams(seed).Stream(biases.Name));
        }

        return network;
    }

    /// <summary>
    /// The errors that a rule brings to the outputs of the hidden layers, by hidden layer from 0; the derivatives are not in them.
    /// </summary>
    public static HiddenErrors Errors(LearningRule rule, Batch batch)
    {
        var errors = new HiddenErrors(rule.Network, batch.Count);
        rule.EstimateGradients(batch, new Gradients(rule.LearnedParameters, rule.Network.Compute), errors);
        return errors;
    }

    /// <summary>A network of modules with random biases, scales and shifts.</summary>
    public static Network Planned(string plan, ulong seed, Compute? compute = null)
    {
        var network = NetworkPlan.Parse(plan).Build(seed, compute: compute);
        foreach (var parameter in network.Parameters.Where(parameter => parameter.Kind != ParameterKind.Weights))
        {
            parameter.Draw(WeightDistribution.Uniform(0.3), new RandomStreams(seed).Stream(parameter.Name));
            ForEach(parameter.Read(), (row, unit) => parameter.Read()[row, unit] += parameter.Kind == ParameterKind.Scale ? 1 : 0);
        }

        return network;
    }

    /// <summary>A network that has only a share of the connections of the layers named.</summary>
    public static Network Sparse(string sizes, ulong seed, double share, params string[] layers)
        => FeedbackAlignment.Networks.Network.Mlp(sizes, seed,
            new() { Connectivity = layers.ToDictionary(name => name, _ => Connectivity.Random(share)) });

    public static Network Spiking(string sizes)
        => FeedbackAlignment.Networks.Network.Mlp(sizes, seed: 1, new() { Hidden = Activation.Logistic, Dynamics = new SpikingDynamics() });

    /// <summary>Random inputs; targets that are probabilities and sum to 1, which suits every loss.</summary>
    public static Batch Batch(Network network, int count, ulong seed)
    {
        var targets = new Matrix(count, network.Outputs);
        var random = new RandomStreams(seed).Stream("targets");
        for (var example = 0; example < count; example++)
        {
            var row = targets.Row(example);
            var sum = 0f;
            foreach (ref var target in row)
            {
                sum += target = random.NextUniform(0.1f, 1);
            }

            foreach (ref var target in row)
            {
                target /= sum;
            }
        }

        return new Batch(Matrix(count, network.Inputs, seed), targets);
    }

    /// <summary>
    /// Examples whose class can be learned: the largest of the first inputs. The very first input is the example's number.
    /// </summary>
    public static DataSet Examples(int count, int inputs, int classes, ulong seed)
    {
        var values = Matrix(count, inputs, seed);
        var labels = new int[count];
        for (var example = 0; example < count; example++)
        {
            var row = values.Row(example);
            labels[example] = Enumerable.Range(0, classes).MaxBy(c => values[example, 1 + c]);
            row[0] = example / 1024f;
        }

        return new DataSet(values, labels, classes);
    }

    public static DataSplit Split(int train, int inputs = 6, int classes = 3)
        => new(Examples(train, inputs, classes, 1), Examples(40, inputs, classes, 2), Examples(50, inputs, classes, 3));

    public static RuleSetup Setup(Network network, Loss? loss = null, int maxBatch = 64, ulong seed = 1)
        => new(network, loss ?? Loss.SoftmaxCrossEntropy, maxBatch, new RandomStreams(seed));

    /// <summary>Lets a rule that draws noise draw the same again.</summary>
    public static void Rewind(LearningRule rule)
    {
        foreach (var stream in rule.Noise)
        {
            stream.Position = 0;
        }
    }

    public static Matrix[] Copies(IEnumerable<Parameter> parameters) => [.. parameters.Select(parameter => parameter.Read().Copy())];

    public static Matrix[] Copies(Gradients gradients) => [.. gradients.All.ToArray().Select(gradient => gradient.Values.Copy())];

    public static void AssertSameBits(IReadOnlyList<Matrix> expected, IReadOnlyList<Matrix> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            AssertSameBits(expected[i], actual[i]);
        }
    }

    public static void AssertSameBits(Matrix expected, Matrix actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        for (var row = 0; row < expected.Rows; row++)
        {
            for (var column = 0; column < expected.Columns; column++)
            {
                if (BitConverter.SingleToInt32Bits(expected[row, column]) != BitConverter.SingleToInt32Bits(actual[row, column]))
                {
                    Assert.Fail($"[{row}, {column}] is {actual[row, column]:r}, expected {expected[row, column]:r}");
                }
            }
        }
    }

    public static bool SameBits(Matrix a, Matrix b)
    {
        for (var row = 0; row < a.Rows; row++)
        {
            for (var column = 0; column < a.Columns; column++)
            {
                if (BitConverter.SingleToInt32Bits(a[row, column]) != BitConverter.SingleToInt32Bits(b[row, column]))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
