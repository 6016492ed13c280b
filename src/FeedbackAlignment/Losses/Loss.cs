using System.Collections.ObjectModel;
using System.Runtime.InteropServices;
using FeedbackAlignment.Catalogs;
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
/// <para>A loss of one's own derives from this class and writes <see cref="EvaluateExample"/> and <see cref="ExampleLoss"/>. What else
/// programs must know of it (are outputs probabilities, which output layer does it need, what is ONNX told) follows from its
/// <see cref="OutputFunction"/>.</para>
/// </remarks>
/// <example>
/// Huber's loss: half the square of a small error, and the absolute value of a large one.
/// <code>
/// sealed class HuberLoss() : Loss("huber", "½ e² up to |e| = 1, |e| − ½ beyond.", "Σ min(½ e², |e| − ½)")
/// {
///     protected override double EvaluateExample(
///         ReadOnlySpan&lt;float&gt; output, ReadOnlySpan&lt;float&gt; target, Span&lt;float&gt; error)
///     {
///         for (var i = 0; i &lt; output.Length; i++)
///         {
///             error[i] = Math.Clamp(output[i] - target[i], -1, 1);
///         }
///
///         return ExampleLoss(output, target);
///     }
///
///     protected override double ExampleLoss(ReadOnlySpan&lt;float&gt; output, ReadOnlySpan&lt;float&gt; target)
///     {
///         var sum = 0.0;
///         for (var i = 0; i &lt; output.Length; i++)
///         {
///             var e = Math.Abs((double)output[i] - target[i]);
///             sum += e &lt; 1 ? 0.5 * e * e : e - 0.5;
///         }
///
///         return sum;
///     }
/// }
/// </code>
/// </example>
public abstract class Loss : ICatalogEntry
{
    /// <summary>Makes one.</summary>
    /// <param name="id">Its name in specs, files and on the command line: lower-case words joined by hyphens.</param>
    /// <param name="summary">What it is, in one line.</param>
    /// <param name="formula">Its formula.</param>
    /// <param name="outputFunction">What it does to the outputs itself.</param>
    protected Loss(string id, string summary, string formula, OutputFunction outputFunction = OutputFunction.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(summary);
        ArgumentException.ThrowIfNullOrEmpty(formula);
        (Id, Summary, Formula, OutputFunction) = (id, summary, formula, outputFunction);
    }

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

    /// <summary>The losses of this library.</summary>
    public static Catalog<Loss> Standard { get; } = new("loss", SquaredError, LogisticCrossEntropy, SoftmaxCrossEntropy);

    /// <summary>The loss of a spec that names none.</summary>
    /// <param name="areClasses">Whether the targets are classes.</param>
    /// <param name="output">Activation of the output layer.</param>
    public static Loss Default(bool areClasses, Activation output)
        => areClasses && SoftmaxCrossEntropy.Objection(output) is null ? SoftmaxCrossEntropy : SquaredError;

    /// <summary>Its name in specs and on the command line.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public string Summary { get; }

    /// <summary>Its formula, for help and reports.</summary>
    public string Formula { get; }

    /// <summary>What it does to the outputs itself, and <see cref="Interpret"/> too.</summary>
    public OutputFunction OutputFunction { get; }

    /// <summary>Whether outputs mean probabilities once they are interpreted.</summary>
    public bool HasProbabilities => OutputFunction != OutputFunction.None;

    /// <summary>Whether targets must be classes, or probabilities of classes; by default where outputs are probabilities.</summary>
    public virtual bool NeedsClasses => HasProbabilities;

    /// <summary>
    /// What its constructor was told, number by number under names of its own; empty for a loss that has nothing to set. A checkpoint is
    /// refused by a loss with other settings.
    /// </summary>
    public virtual IReadOnlyDictionary<string, double> Settings => ReadOnlyDictionary<string, double>.Empty;

    /// <summary>The loss that evaluations report: this one, but without what is only there to learn by, as label smoothing is.</summary>
    public virtual Loss ForEvaluation => this;

    /// <summary>
    /// The same loss with label smoothing: of K outputs each target t becomes (1 − ε) t + ε ∕ K (Szegedy et al. 2016; PyTorch's
    /// <c>label_smoothing</c>). Softmax cross-entropy has it; other losses refuse any but 0.
    /// </summary>
    /// <param name="share">ε in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is out of range.</exception>
    /// <exception cref="ArgumentException">The loss has no label smoothing.</exception>
    public virtual Loss WithLabelSmoothing(float share)
        => share == 0 ? this
            : throw new ArgumentException($"{Id} has no label smoothing; {SoftmaxCrossEntropy.Id} has", nameof(share));

    /// <summary>
    /// Says whether a network's output layer suits this loss; null if it does, else what would be right. By default a loss that applies a
    /// function itself needs a linear layer.
    /// </summary>
    /// <param name="output">Activation of the output layer.</param>
    public virtual string? Objection(Activation output)
        => OutputFunction == OutputFunction.None || output == Activation.Linear ? null
            : $"it brings the {(OutputFunction == OutputFunction.Softmax ? "softmax" : "logistic function")} itself and needs a linear "
                + $"output layer, not {output}";

    /// <summary>Says whether so many outputs suit this loss; null if they do. By default a softmax needs two.</summary>
    /// <param name="outputs">Number of outputs, at least 1.</param>
    public virtual string? Objection(int outputs)
        => OutputFunction == OutputFunction.Softmax && outputs < 2
            ? $"the softmax of one output is always 1; {Id} needs at least 2 outputs"
            : null;

    /// <summary>Says what is wrong with the targets of one example; null if nothing is.</summary>
    /// <param name="targets">What the network should answer.</param>
    public virtual string? TargetObjection(ReadOnlySpan<float> targets) => null;

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

            sum += EvaluateExample(outputs.Row(example), targets.Row(example), padded[..error.Columns]);

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

    /// <summary>Turns outputs into what they mean: applies the <see cref="OutputFunction"/>.</summary>
    /// <param name="outputs">batch × outputs; changed in place.</param>
    public void Interpret(Matrix outputs)
    {
        switch (OutputFunction)
        {
            case OutputFunction.Logistic:
                Elementwise.Map(outputs, default(TakeLogistic));
                break;
            case OutputFunction.Softmax:
                outputs.RequireRowMajor(nameof(outputs));
                for (var example = 0; example < outputs.Rows; example++)
                {
                    Softmax(outputs.PaddedLine(example), outputs.Columns);
                }

                break;
        }
    }

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

    /// <summary>Adds to the identity of a training what tells it from another loss of its id.</summary>
    internal void Identify(Identity identity)
    {
        identity.Add("loss", Id);
        foreach (var (name, value) in Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            identity.In("loss").Add(name, value);
        }
    }

    /// <summary>The loss of one example, and its error. Must not depend on what the error held, and allocate nothing.</summary>
    /// <param name="output">The outputs of one example, before the <see cref="OutputFunction"/>.</param>
    /// <param name="target">Its targets, as many.</param>
    /// <param name="error">As long; receives ∂loss/∂output, all of it.</param>
    /// <returns>The loss; not finite if the network has diverged.</returns>
    protected abstract double EvaluateExample(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> error);

    /// <summary>
    /// The loss of one example alone, computed in double all through: rules that compare losses need all digits. Of operations that have
    /// the same bits everywhere; <see cref="Math.Exp"/> and <see cref="Math.Log(double)"/> do not promise it.
    /// </summary>
    /// <param name="output">The outputs of one example, before the <see cref="OutputFunction"/>.</param>
    /// <param name="target">Its targets, as many.</param>
    protected abstract double ExampleLoss(ReadOnlySpan<float> output, ReadOnlySpan<float> target);

    /// <summary>
    /// A row of an error with what lies behind it up to whole vectors: <see cref="Evaluate"/> gives rows of matrices, which have it.
    /// </summary>
    private protected static Span<float> Padded(Span<float> error)
        => MemoryMarshal.CreateSpan(
            ref MemoryMarshal.GetReference(error), (error.Length + Matrix.Granule - 1) / Matrix.Granule * Matrix.Granule);

    /// <summary>Softmax in place; the greatest logit is taken off first, so e^z cannot overflow. Returns ln Σ e^z.</summary>
    private protected static double Softmax(Span<float> padded, int length)
    {
        var greatest = float.NegativeInfinity;
        foreach (var logit in padded[..length])
        {
            greatest = Math.Max(greatest, logit);
        }

        Elementwise.Map(padded, new ExpShifted(greatest));
        var sum = 0.0;
        for (var i = 0; i < length; i++)
        {
            sum += padded[i];
        }

        Elementwise.Map(padded, new Scale((float)(1 / sum)));
        return greatest + Math.Log(sum);
    }
}
