using System.Collections.Frozen;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// A rule that gives every hidden layer an error. The walk back is written once (<see cref="ErrorWalk"/>): the output layer's gradient is
/// exact, every hidden layer's error passes through its own derivative, and every gradient is local error × input. Two kinds of rules
/// differ in how the error gets there: an <see cref="ErrorFeedbackRule"/> sends it down from the layer above, a
/// <see cref="BroadcastRule"/> brings it straight from the output. <see cref="MixtureRule"/> has one of them for each hidden layer and
/// block.
/// </summary>
public abstract class ErrorRule : LearningRule
{
    private ErrorWalk? _walk;

    /// <summary>Takes the setup; what the walk needs is made when a batch comes, so that a part of a mixture needs none.</summary>
    /// <param name="setup">Network, loss, batch size, random streams.</param>
    private protected ErrorRule(RuleSetup setup)
        : base(setup)
    {
    }

    /// <summary>
    /// Modules that the error passes without teaching them; by default none. It ends where nothing below learns, and only whoever asks for
    /// the errors of hidden layers gets them all. Gradients of these modules are not to be used.
    /// </summary>
    internal IReadOnlySet<Module> Untaught { get; init; } = FrozenSet<Module>.Empty;

    /// <summary>An error belongs to one example. A rule whose <c>LearnFeedback</c> learns from anything but errors overrides it.</summary>
    public override string? SplitObjection => null;

    /// <inheritdoc/>
    public sealed override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
    {
        hiddenErrors?.Clear();
        var loss = LearnOutputLayer(batch, gradients, out var outputError);
        Walk.Go(outputError, batch, gradients, hiddenErrors);
        return loss;
    }

    /// <summary>The walk back through its network.</summary>
    internal ErrorWalk Walk => _walk ??= new ErrorWalk(Network, Pass, BringerOf, Untaught);

    /// <summary>
    /// Whether the output's error is needed elsewhere than at the output layer. A rule of somebody's own may read
    /// <see cref="Crossing.OutputError"/>.
    /// </summary>
    internal virtual bool ReadsOutputError => true;

    /// <summary>Why a rank could not teach its layers alone, even if it had the errors; null: it could.</summary>
    internal virtual string? LayersObjection => null;

    /// <summary>The network's modules that one rank has, as this rule teaches them.</summary>
    /// <param name="from">The first of the network's modules.</param>
    /// <param name="to">The module behind the last.</param>
    /// <param name="groups">How many groups of a batch are under way at once.</param>
    /// <param name="examples">The most examples of a group.</param>
    internal LayerPart CreatePart(int from, int to, int groups, int examples)
    {
        var own = Network.Root.Children.Skip(from).Take(to - from).ToHashSet();
        var others = Network.Root.Children.Where(module => !own.Contains(module)).ToHashSet();
        return new LayerPart(this, from, to, [.. Enumerable.Range(0, groups).Select(_ => CreatePass(examples, Instead))]);

        ModuleRun? Instead(Module module, RunSetup setup) => others.Contains(module) ? new AbsentRun(module) : null;
    }

    /// <summary>The loss and the output layer's local error of a pass.</summary>
    internal double JudgeOutputs(in Batch batch, ForwardPass pass, Matrix outputs, Matrix localError)
        => Judge(batch, pass, outputs, localError);

    /// <summary>The exact gradient of the output layer, after a pass.</summary>
    internal void LearnOutputs(ForwardPass pass, Matrix localError, Gradients gradients) => LearnOutputLayer(pass, localError, gradients);

    /// <summary>
    /// A row that does not count has the error 0 wherever an error is brought, and so none below. A rule whose
    /// <c>LearnFeedback</c> learns from anything but errors overrides it.
    /// </summary>
    protected override bool HonorsMask => true;

    /// <summary>The rule that gives a hidden layer or a block its error: itself, but for mixtures.</summary>
    /// <param name="receiver">The layer with weights, or the residual block.</param>
    private protected virtual ErrorRule BringerOf(Module receiver) => this;

    /// <summary>
    /// Comes once a batch, when the output's error is known and before any other error; by default does nothing. Here a rule draws anew
    /// what it draws once a batch.
    /// </summary>
    /// <param name="outputError">batch × outputs of the network: the output layer's local error. It must be left as it is.</param>
    /// <param name="targets">batch × outputs of the network. They must be left as they are.</param>
    protected virtual void BeginBatch(Matrix outputError, Matrix targets)
    {
    }

    /// <summary>The same, for the walk.</summary>
    internal void Begin(Matrix outputError, Matrix targets) => BeginBatch(outputError, targets);
}
