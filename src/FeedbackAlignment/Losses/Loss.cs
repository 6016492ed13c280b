using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Losses;

/// <summary>
/// How wrong an answer is, and the error that goes back from it. Losses are per example; a batch's loss is the mean of its examples',
/// and each row of the error is the derivative of its own example's loss (the mean is taken once, in the gradient). A mask takes rows out
/// of all of it.
/// </summary>
/// <remarks>
/// An example's loss is a sum over the outputs. PyTorch's <c>MSELoss</c> and <c>BCEWithLogitsLoss</c> take the mean over outputs as well,
/// and <c>MSELoss</c> has no factor ½. The same learning rate therefore makes larger steps here.
/// </remarks>
public abstract class Loss
{
    private protected Loss(string id, string formula) => (Id, Formula) = (id, formula);

    /// <summary>
    /// ½‖e‖², e = target − output, on outputs of any activation. With logistic outputs its error carries their derivative.
    /// </summary>
    public static Loss SquaredError { get; } = new SquaredError();

    /// <summary>
    /// Logistic outputs under cross-entropy, taken together on the pre-activations z of a <em>linear</em> output layer: the local error is
    /// σ(z) − target, with no output derivative. This is the error that the paper sends through its logistic outputs.
    /// </summary>
    public static Loss LogisticCrossEntropy { get; } = new LogisticCrossEntropy();

    /// <summary>
    /// Softmax outputs under cross-entropy, on the logits of a <em>linear</em> output layer: the local error is softmax(z) − target. Each
    /// example's targets must sum to 1.
    /// </summary>
    public static Loss SoftmaxCrossEntropy { get; } = new SoftmaxCrossEntropy();

    /// <summary>All losses.</summary>
    public static IReadOnlyList<Loss> All { get; } = [SquaredError, LogisticCrossEntropy, SoftmaxCrossEntropy];

    /// <summary>Its name in specs and on the command line.</summary>
    public string Id { get; }

    /// <summary>Its formula, for help and reports.</summary>
    public string Formula { get; }

    /// <summary>The loss with a given id.</summary>
    /// <param name="id">One of <c>squared-error</c>, <c>logistic-cross-entropy</c>, <c>softmax-cross-entropy</c>.</param>
    /// <exception cref="ArgumentException">There is none of that id; the message lists those there are.</exception>
    public static Loss FromId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return All.FirstOrDefault(loss => loss.Id == id)
            ?? throw new ArgumentException($"no loss is called \"{id}\"; there are {string.Join(", ", All.Select(l => l.Id))}", nameof(id));
    }

    /// <summary>Says whether a network's output layer suits this loss; null if it does, else what would be right.</summary>
    /// <param name="output">Activation of the output layer.</param>
    public virtual string? Objection(Activation output) => null;

    /// <summary>Says what is wrong with the targets of one example; null if nothing is.</summary>
    /// <param name="targets">What the network should answer.</param>
    internal virtual string? TargetObjection(ReadOnlySpan<float> targets) => null;

    /// <summary>The mean loss of a batch, and the error at the network's outputs.</summary>
    /// <param name="outputs">batch × outputs: what the network answered.</param>
    /// <param name="targets">batch × outputs: what it should have answered.</param>
    /// <param name="error">batch × outputs; receives ∂loss/∂output of each example, 0 where a row does not count.</param>
    /// <param name="mask">For each row whether it counts; empty: all do.</param>
    /// <returns>The mean over the rows that count; not finite if the network has diverged.</returns>
    /// <exception cref="ArgumentException">
    /// The shapes do not fit, a matrix is column-major, or the mask is not as long as the batch or counts no row.
    /// </exception>
    public double Evaluate(Matrix outputs, Matrix targets, Matrix error, ReadOnlySpan<bool> mask = default)
    {
        targets.RequireShape(outputs.Rows, outputs.Columns, nameof(targets));
        error.RequireShape(outputs.Rows, outputs.Columns, nameof(error));
        outputs.RequireRowMajor(nameof(outputs));
        targets.RequireRowMajor(nameof(targets));
        error.RequireRowMajor(nameof(error));
        var counted = mask.IsEmpty ? outputs.Rows : RequireCounted(mask, outputs.Rows, nameof(mask));
        var sum = 0.0;
        for (var example = 0; example < outputs.Rows; example++)
        {
            var padded = error.PaddedLine(example);
            if (!Counts(mask, example))
            {
                padded.Clear();
                continue;
            }

            sum += EvaluateExample(outputs.Row(example), targets.Row(example), padded);

            // Nobody reads the padding, but what is not zero there grows into numbers that slow the processor down.
            padded[error.Columns..].Clear();
        }

        return sum / counted;
    }

    /// <summary>
    /// The loss of every example by itself, computed in double all through, so that differences between nearly equal losses keep their
    /// digits; of IEEE operations only, so that a rule may learn from it and have the same bits everywhere.
    /// </summary>
    /// <param name="outputs">batch × outputs: what the network answered.</param>
    /// <param name="targets">batch × outputs: what it should have answered.</param>
    /// <param name="losses">
    /// At least batch long; receives the losses, 0 of a row that does not count. Not finite where the network has diverged.
    /// </param>
    /// <param name="mask">For each row whether it counts; empty: all do.</param>
    /// <exception cref="ArgumentException">
    /// The shapes do not fit, a matrix is column-major, there is no room for the losses, or the mask is not as long as the batch or counts
    /// no row.
    /// </exception>
    public void EvaluateEach(Matrix outputs, Matrix targets, Span<double> losses, ReadOnlySpan<bool> mask = default)
    {
        targets.RequireShape(outputs.Rows, outputs.Columns, nameof(targets));
        outputs.RequireRowMajor(nameof(outputs));
        targets.RequireRowMajor(nameof(targets));
        if (losses.Length < outputs.Rows)
        {
            throw new ArgumentException($"there is room for {losses.Length} losses, must be for {outputs.Rows}, one for each example", nameof(losses));
        }

        _ = mask.IsEmpty ? 0 : RequireCounted(mask, outputs.Rows, nameof(mask));
        for (var example = 0; example < outputs.Rows; example++)
        {
            losses[example] = Counts(mask, example) ? ExampleLoss(outputs.Row(example), targets.Row(example)) : 0;
        }
    }

    /// <summary>Turns outputs into what they mean: probabilities for the cross-entropy losses, themselves for squared error.</summary>
    /// <param name="outputs">batch × outputs; changed in place.</param>
    public abstract void Interpret(Matrix outputs);

    /// <inheritdoc/>
    public sealed override string ToString() => Id;

    /// <summary>The number of rows that count, which is what a mean is divided by.</summary>
    /// <exception cref="ArgumentException">The mask is not as long as the batch, or no row counts.</exception>
    internal static int RequireCounted(ReadOnlySpan<bool> mask, int rows, string name)
        => mask.Length != rows
            ? throw new ArgumentException($"the mask has {mask.Length} entries, must have {rows}, one for each row of the batch", name)
        : mask.Count(true) is > 0 and var counted ? counted
        : throw new ArgumentException("the mask takes out all rows of the batch, so there is no mean; at least one must count", name);

    private static bool Counts(ReadOnlySpan<bool> mask, int example) => mask.IsEmpty || mask[example];

    /// <param name="output">The outputs of one example.</param>
    /// <param name="target">Its targets.</param>
    /// <param name="error">Receives its error; padded to whole vectors.</param>
    private protected abstract double EvaluateExample(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> error);

    /// <param name="output">The outputs of one example.</param>
    /// <param name="target">Its targets.</param>
    private protected abstract double ExampleLoss(ReadOnlySpan<float> output, ReadOnlySpan<float> target);

    private protected static string? RequireLinear(Activation output, string brings)
        => output == Activation.Linear ? null : $"it brings the {brings} itself and needs a linear output layer, not {output}";
}
