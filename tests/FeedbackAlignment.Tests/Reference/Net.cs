using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Tests.Reference.Modules;

namespace FeedbackAlignment.Tests.Reference;

/// <summary>
/// A network of stages, with a loss. Between two stages is a site, where a rule may bring an error of its own. After the last stage
/// comes the head, the output's activation, which is exact under all rules.
/// </summary>
internal sealed class Net(IReadOnlyList<PlainModule> stages, Pointwise head, string loss)
{
    private static readonly Through _itself = weight => weight.Values;

    public IReadOnlyList<PlainModule> Stages { get; } = stages;

    public IReadOnlyList<Weight> Weights => [.. Stages.SelectMany(stage => stage.Weights)];

    public int Hidden => Stages.Count - 1;

    /// <summary>Of each number that a stage gives, the library's place; null: the same for all stages.</summary>
    public IReadOnlyList<int[]>? Units { get; init; }

    public string Loss { get; } = loss;

    /// <summary>What went into each stage, and what came out of the head: of the latest pass.</summary>
    public double[][,] Signals { get; } = new double[stages.Count + 1][,];

    public double[,] Outputs => Signals[^1];

    /// <summary>The matrix of a stage that has one.</summary>
    public Weight Matrix(int stage) => Stages[stage].Weights.Single(weight => weight.Decays);

    /// <summary>What follows the matrix of a dense stage.</summary>
    public Pointwise Activation(int stage) => stage == Hidden ? head : ((DenseStage)Stages[stage]).Activation;

    public double[,] Forward(double[,] input)
    {
        Signals[0] = input;
        for (var stage = 0; stage < Stages.Count; stage++)
        {
            Signals[stage + 1] = Stages[stage].Forward(Signals[stage]);
        }

        return Signals[^1] = head.Forward(Signals[^1]);
    }

    public double[] Losses(double[,] targets) => PlainLoss.OfEach(Loss, Outputs, targets);

    /// <summary>The error at the output layer's pre-activations.</summary>
    public double[,] OutputError(double[,] targets) => head.Backward(PlainLoss.Error(Loss, Outputs, targets));

    /// <summary>Goes back from the output layer's pre-activations to the first stage.</summary>
    /// <param name="outputError">The error there.</param>
    /// <param name="through">By which numbers the error crosses weights; null: by their own.</param>
    /// <param name="site">
    /// Given a site's number, from 0, and the error that the stage above has sent down, the error there; null: that error.
    /// </param>
    public void Backward(double[,] outputError, Through? through = null, Func<int, double[,], double[,]>? site = null)
    {
        var error = outputError;
        for (var stage = Hidden; stage >= 0; stage--)
        {
            var below = Stages[stage].Backward(error, through ?? _itself);
            error = stage == 0 || site is null ? below : site(stage - 1, below);
        }
    }

    /// <summary>The same network as one of the library's, with the numbers that it has now.</summary>
    /// <param name="network">The library's.</param>
    /// <param name="loss">How wrong an answer is.</param>
    /// <param name="touch">What is done to each number that a layer gives, as if it were rounded; null: nothing.</param>
    public static Net Of(Network network, Loss loss, Func<double, double>? touch = null)
    {
        if (!network.IsChain)
        {
            return PlainPictures.Of(network, loss, touch);
        }

        Dense[] dense = [.. network.Layers.Select(layer => new Dense(Copy(layer.Weights)!, Copy(layer.Biases), touch))];
        Pointwise[] activations = [.. network.Layers.Select(layer => new Pointwise(layer.Activation.Id, touch))];
        var hidden = dense.SkipLast(1).Zip(activations, (sums, activation) => new DenseStage(sums, activation));
        return new([.. hidden, dense[^1]], activations[^1], loss.Id);
    }

    private static Weight? Copy(Parameter? parameter)
        => parameter is null ? null : new(parameter.Name, parameter.Kind == ParameterKind.Weights, Table.Of(parameter.Read()));
}
