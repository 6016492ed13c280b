using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>What a learning rule is made from.</summary>
public sealed class RuleSetup
{
    /// <summary>Standard deviation of noise where none is given.</summary>
    public const double DefaultNoise = 0.01;

    private readonly Connectivity _feedbackConnectivity;

    /// <summary>Collects it.</summary>
    /// <param name="network">The network whose gradients are wanted.</param>
    /// <param name="loss">How wrong an answer is.</param>
    /// <param name="maxBatch">The most examples in a batch, ≥ 1.</param>
    /// <param name="streams">The run's random numbers; feedback weights and noise have streams of their own.</param>
    /// <param name="feedback">How feedback weights are drawn; null: Glorot's uniform, as the forward weights' default.</param>
    /// <param name="noise">Standard deviation of the noise of a rule that draws some, finite and &gt; 0; the others ignore it.</param>
    /// <param name="feedbackStreams">The random numbers that feedback weights are drawn from; null: the run's.</param>
    /// <param name="feedbackShare">Probability in (0, 1] with which each feedback connection is there; the weights of the others are 0.</param>
    /// <exception cref="ArgumentException">The loss does not suit the network's output layer.</exception>
    public RuleSetup(
        Network network,
        Loss loss,
        int maxBatch,
        RandomStreams streams,
        WeightDistribution? feedback = null,
        double noise = DefaultNoise,
        RandomStreams? feedbackStreams = null,
        double feedbackShare = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(streams);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        if (!(double.IsFinite(noise) && noise > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "the standard deviation of noise must be a finite number > 0");
        }

        if (loss.Objection(network.Layers[^1].Activation) is { } objection)
        {
            throw new ArgumentException($"{loss}: {objection}", nameof(loss));
        }

        (Network, Loss, MaxBatch, Streams) = (network, loss, maxBatch, streams);
        (Feedback, Noise, FeedbackStreams) = (feedback ?? WeightDistribution.GlorotUniform(), noise, feedbackStreams ?? streams);
        (_feedbackConnectivity, FeedbackShare) = (Connectivity.Random(feedbackShare), feedbackShare);
    }

    /// <summary>The network whose gradients are wanted.</summary>
    public Network Network { get; }

    /// <summary>How wrong an answer is.</summary>
    public Loss Loss { get; }

    /// <summary>The most examples in a batch.</summary>
    public int MaxBatch { get; }

    /// <summary>The run's random numbers.</summary>
    public RandomStreams Streams { get; }

    /// <summary>How feedback weights are drawn.</summary>
    public WeightDistribution Feedback { get; }

    /// <summary>The random numbers that feedback weights are drawn from.</summary>
    public RandomStreams FeedbackStreams { get; }

    /// <summary>Standard deviation σ of the noise of a rule that draws some.</summary>
    public double Noise { get; }

    /// <summary>
    /// The share of feedback connections that are there, in (0, 1]. They are chosen independently of the forward connections, and the weights
    /// of those that are left are the ones they would have if none were missing.
    /// </summary>
    public double FeedbackShare { get; }

    /// <summary>
    /// One random matrix for every layer but the first, of the shape of the weights it replaces (outputs × inputs). Entry i carries the
    /// error from layer i to layer i − 1; entry 0 is empty, for nothing lies below the first layer.
    /// </summary>
    public Matrix[] DrawFeedback()
        => [.. Network.Layers.Select((layer, i) => i == 0 ? default : Draw(layer.Outputs, layer.Inputs, layer.Name))];

    /// <summary>
    /// One random matrix for every layer but the first, from the network's outputs straight to the layer below it (outputs × its
    /// inputs). Entry 0 is empty. For the last layer the matrix is the one that <see cref="DrawFeedback"/> gives.
    /// </summary>
    public Matrix[] DrawDirectFeedback()
        => [.. Network.Layers.Select((layer, i) => i == 0 ? default : Draw(Network.Outputs, layer.Inputs, layer.Name))];

    private Matrix Draw(int outputs, int inputs, string layer)
    {
        // Row-major, unlike the weights: the backward product runs along the inputs.
        var matrix = new Matrix(outputs, inputs);
        Feedback.Draw(matrix, FeedbackStreams.Stream($"{RandomStreams.Feedback}/{layer}"));
        if (FeedbackShare < 1)
        {
            var present = _feedbackConnectivity.Lay(outputs, inputs, FeedbackStreams.Stream($"{RandomStreams.FeedbackConnections}/{layer}"));
            Elementwise.Map(matrix, present, default(KeepConnected));
        }

        return matrix;
    }
}
