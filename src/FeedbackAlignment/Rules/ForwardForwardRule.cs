using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// The forward-forward algorithm, supervised: a label takes the place of the first C inputs, the right one in a positive pass and a wrong
/// one in a negative pass, and each hidden layer by itself learns to be active in the first and quiet in the second: it descends −ln
/// p(positive) − ln (1 − p(negative)), p = 1 ∕ (1 + e^−(G − θ)), where the goodness G is the sum of its squared outputs. Nothing goes
/// back. Hinton, "The forward-forward algorithm: some preliminary investigations", 2022, arXiv 2212.13345.
/// </summary>
/// <remarks>
/// A network of ours answers in one pass over the inputs as they are, so the rule is Hinton's variant in which a read-out learns from
/// hidden activities: the output layer learns with its exact gradient from an ordinary pass, in which the first C inputs hold what the
/// data have there. The answer is thus as good as the features that were learned with labels are without one; see the notes.
/// <para>
/// Between layers the length of the activity must not tell how good it was. Hinton divides by it; here each example's activity in both
/// passes gets the length that it has in the ordinary pass, so that layers learn at the scale at which they will answer.
/// </para>
/// </remarks>
public sealed class ForwardForwardRule : LearningRule
{
    /// <summary>Threshold of the goodness.</summary>
    public static readonly RuleOption ThresholdOption = new("threshold", 0.25, "Threshold θ of the goodness, per unit: the mean square of the outputs at which p is ½.") { Above = 0 };

    /// <summary>Whether goodness is a mean.</summary>
    public static readonly RuleOption MeanOption =
        new("mean", 0, "1: goodness is the mean of the squared outputs; 0: their sum, as in the paper.") { AtLeast = 0, AtMost = 1, IsWhole = true };

    /// <summary>The input that stands for a label.</summary>
    public static readonly RuleOption LabelStrengthOption = new("labelStrength", 1, "The input in the label's place. The places of other labels get 0.") { Above = 0 };

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "forward-forward",
        "forward-forward",
        "Each hidden layer learns by itself to be active if the input carries the right label, and quiet if it carries a wrong one.",
        "Hinton 2022, arXiv 2212.13345",
        setup => new ForwardForwardRule(setup))
    {
        Options = [ThresholdOption, MeanOption, LabelStrengthOption],
        HasHiddenErrors = false,
        GradientIsErrorTimesInput = false,
        Notes = new()
        {
            Formula = "∂Wₗ of −ln p(G⁺) − ln(1 − p(G⁻)),  G = Σ h²,  p = 1 ∕ (1 + e^−(G − θ nₗ))",
            Route = ErrorRoute.SecondPass,
            SendsTarget = true,
            Carrier = "labels in x",
            Operations = "two more forward passes through the hidden layers, and gradients of twice as many examples: 3 Σ nₗ₋₁ nₗ",
            Memory = "two more batches of inputs and of activations, before and after normalization, and one more of errors: 2 n₀ + 5 Σ nₗ an example",
            CountOperations = network => 3 * network.HiddenProducts,
            CountMemory = network => network.Sites.Count == 0 ? 0 : (2 * network.Layers[0].Inputs) + (5 * network.HiddenUnits),
            Pitfalls =
            [
                "Learning depends on the label in the input, but the network answers without one. The first C inputs of the data should "
                + "be empty, like the margin of a picture. Otherwise they act as a label.",
                "The output layer reads only the last hidden layer. Hinton's read-out sees all hidden layers but the first. His better "
                + "test runs once for each label and compares goodness, which a network here cannot do.",
                "With bounded units the mean square is bounded too. tanh cannot reach a threshold near 1, and then negative examples "
                + "teach nothing.",
                "Sums of squares over many units turn p into a step. Gradients are then either large or zero. The best learning rate of "
                + "hidden layers is far from the read-out's.",
            ],
            Choices =
            [
                "Activities are normalized to the length of the ordinary pass instead of to 1 (see above).",
                "Wrong labels are drawn uniformly from the other C − 1. Hinton draws them by how often the read-out confuses them.",
                "The label of an example is its largest target. In the ordinary pass the label's place is not overwritten. Hinton puts a "
                + "neutral label of 0.1 each there.",
                "It takes dense layers one after another only. The paper's local receptive fields do not share weights, so they are no "
                + "convolution.",
                "The threshold is per unit, 0.25, so that it suits logistic and tanh units as well. Peer normalization is left out.",
            ],
            Unverified =
            [
                "We did not have the paper's text. Threshold, read-out and neutral label are from memory and from other people's "
                + "summaries.",
            ],
        },
    };

    private readonly RandomStream _random;
    private readonly double _threshold, _strength;
    private readonly bool _mean;
    private readonly Matrix _inputs;
    private readonly LayerActivity[] _activities;
    private readonly Matrix[] _normalized, _errors;

    /// <summary>Makes room.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and the options.</param>
    /// <exception cref="ArgumentException">
    /// The network is a spiking one, or has fewer than two outputs, or fewer inputs than outputs: then a label has no place.
    /// </exception>
    public ForwardForwardRule(RuleSetup setup)
        : base(setup)
    {
        RequireAnswersAtOnce(setup, Entry.Name);
        if (Network.Outputs < 2 || Network.Inputs < Network.Outputs)
        {
            throw new ArgumentException(
                $"{Entry.Name} puts the label into the inputs: it needs at least 2 outputs and as many inputs, but the network has {Network.Inputs} inputs and {Network.Outputs} outputs", nameof(setup));
        }

        _random = setup.Streams.Stream($"{RandomStreams.Noise}/forward-forward");
        (_threshold, _mean, _strength) = (setup.Option(ThresholdOption), setup.Option(MeanOption) == 1, setup.Option(LabelStrengthOption));
        _inputs = new Matrix(2 * MaxBatch, Network.Inputs);
        _activities = [.. Network.Layers.SkipLast(1).Select(layer => new LayerActivity(layer, 2 * MaxBatch))];
        _normalized = Room();
        _errors = Room();
        Noise = [_random];

        Matrix[] Room() => [.. Network.Layers.SkipLast(1).Select(layer => new Matrix(2 * MaxBatch, layer.Outputs))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RandomStream> Noise { get; }

    /// <inheritdoc/>
    public override string? SplitObjection => null;

    /// <inheritdoc/>
    protected override bool HonorsMask => true;

    /// <inheritdoc/>
    public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
    {
        hiddenErrors?.Clear();
        var loss = LearnOutputLayer(batch, gradients, out _);
        if (_activities.Length == 0)
        {
            return loss;
        }

        // Both passes are one: the positive examples, then the negative ones. The mean is over all of them.
        var rows = 2 * batch.Count;
        gradients.Passes = 2;
        var input = _inputs.Top(rows);
        PutLabelsIn(batch, input);
        for (var index = 0; index < _activities.Length; index++)
        {
            var (activity, error) = (_activities[index], _errors[index].Top(rows));
            var outputs = activity.Forward(input);
            TakeError(outputs, error);
            batch.ClearMasked(error.Top(batch.Count));
            batch.ClearMasked(error.Slice(batch.Count, batch.Count));
            activity.Localize(error);
            Network.Layers[index].Gradient(input, error, gradients);
            input = _normalized[index].Top(rows);
            Normalize(outputs, Pass.Outputs[index], input);
        }

        return loss;
    }

    /// <summary>The wrong labels are drawn example by example, so that they do not depend on how examples are put into batches.</summary>
    private void PutLabelsIn(Batch batch, Matrix inputs)
    {
        inputs.Top(batch.Count).CopyFrom(batch.Inputs);
        inputs.Slice(batch.Count, batch.Count).CopyFrom(batch.Inputs);
        for (var example = 0; example < batch.Count; example++)
        {
            var right = Label(batch.Targets.Row(example));
            var other = _random.NextInt32(Network.Outputs - 1);
            Put(right, inputs.Row(example));
            Put(other < right ? other : other + 1, inputs.Row(batch.Count + example));
        }
    }

    private void Put(int label, Span<float> input)
    {
        input[..Network.Outputs].Clear();
        input[label] = (float)_strength;
    }

    private static int Label(ReadOnlySpan<float> targets)
    {
        var label = 0;
        for (var i = 1; i < targets.Length; i++)
        {
            if (targets[i] > targets[label])
            {
                label = i;
            }
        }

        return label;
    }

    /// <summary>
    /// −ln p has the slope −2 (1 − p) h in the positive pass, −ln(1 − p) the slope 2 p h in the negative one; over the number of units
    /// where goodness is a mean. Here stands twice that, for gradients are means over the rows of both passes, and the loss is a mean
    /// over examples.
    /// </summary>
    private void TakeError(Matrix outputs, Matrix localError)
    {
        var unit = _mean ? 1.0 / outputs.Columns : 1;
        for (var row = 0; row < outputs.Rows; row++)
        {
            var values = outputs.Row(row);
            var surplus = unit * (Reductions.Dot(values, values) - (_threshold * outputs.Columns));
            var slope = row < outputs.Rows / 2 ? -2 * Logistic(-surplus) : 2 * Logistic(surplus);
            Elementwise.Map(localError.PaddedLine(row), outputs.PaddedLine(row), new TakeScaled((float)(2 * unit * slope)));
        }
    }

    private static double Logistic(double x) => 1 / (1 + Exponential.Of(Math.Min(-x, 700)));

    /// <summary>
    /// Gives the activity of each example in both passes the length that it has in the ordinary pass; a layer that is silent stays so.
    /// </summary>
    private static void Normalize(Matrix outputs, Matrix ordinary, Matrix into)
    {
        for (var row = 0; row < outputs.Rows; row++)
        {
            var usual = ordinary.Row(row % ordinary.Rows);
            var square = Reductions.Dot(outputs.Row(row), outputs.Row(row));
            var factor = square > 0 ? Math.Sqrt(Reductions.Dot(usual, usual) / square) : 0;
            Elementwise.Map(into.PaddedLine(row), outputs.PaddedLine(row), new TakeScaled((float)factor));
        }
    }
}
