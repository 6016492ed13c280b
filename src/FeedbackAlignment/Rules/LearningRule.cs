using System.Collections.ObjectModel;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// How a network finds out which way to change: everything else (forward pass, loss, optimizer, loop, instruments) is the same for all
/// rules. This is the wide seam, for any rule; <see cref="ErrorFeedbackRule"/> is the half-built one, for rules that send an error back.
/// </summary>
public abstract class LearningRule
{
    private readonly Matrix _errors;
    private readonly RuleSetup _setup;
    private readonly ForwardPass _pass;
    private IReadOnlyList<WeightSource> _given = [];

    /// <summary>Makes room.</summary>
    /// <param name="setup">Network, loss, batch size, random streams.</param>
    protected LearningRule(RuleSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        _setup = setup;
        (Network, Loss) = (setup.Network, setup.Loss);
        _pass = setup.Pass ?? Network.CreatePass(setup.MaxBatch, setup.Streams);
        _errors = new Matrix(setup.MaxBatch, Network.Outputs);
    }

    /// <summary>
    /// Its name in the catalog and in checkpoints. A rule that no entry makes goes by the name of its class; it says its own id if the
    /// class shall be free to be renamed.
    /// </summary>
    public virtual string Id => KnownEntry?.Id ?? GetType().Name;

    /// <summary>
    /// What its constructor was told besides the setup, number by number under names of its own; empty for a rule that the setup makes
    /// what it is. A checkpoint is refused by a rule with other settings.
    /// </summary>
    public virtual IReadOnlyDictionary<string, double> Settings => ReadOnlyDictionary<string, double>.Empty;

    /// <summary>The network whose gradients the rule estimates.</summary>
    public Network Network { get; }

    /// <summary>How wrong an answer is.</summary>
    public Losses.Loss Loss { get; }

    /// <summary>The most examples in a batch.</summary>
    public int MaxBatch => _pass.MaxBatch;

    /// <summary>Weights that the rule itself learns, for the optimizer to move. Fixed feedback weights are not among them.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>All that an optimizer should move: the network's parameters and the rule's own.</summary>
    public IReadOnlyList<Parameter> LearnedParameters => [.. Network.Parameters, .. Parameters];

    /// <summary>The feedback weights into each hidden layer, for instruments and for the record; empty for a rule without.</summary>
    public virtual IReadOnlyList<FeedbackPath> Feedback => [];

    /// <summary>
    /// Which of <see cref="Parameters"/> must have the learning rate and decay of which forward weights, or the rule breaks. A trainer
    /// refuses an optimizer that gives them others. Empty for a rule whose feedback weights may learn in their own way.
    /// </summary>
    public virtual IReadOnlyList<TiedWeights> Ties => [];

    /// <summary>
    /// The random streams it draws from while it estimates; empty for a rule whose estimate follows from the batch. An instrument that
    /// lets the rule estimate puts their positions back, so that it does not disturb what it measures.
    /// </summary>
    public virtual IReadOnlyList<RandomStream> Noise => [];

    /// <summary>
    /// What the rule remembers from one batch to the next besides <see cref="Parameters"/> and the place in <see cref="Noise"/>; empty
    /// for a rule that remembers nothing. Checkpoints save it, and restoring writes into these very matrices; an instrument that lets the
    /// rule estimate puts it back.
    /// </summary>
    public virtual IReadOnlyList<Matrix> Memory => [];

    /// <summary>
    /// Why the gradient of a batch is not made of those of its examples, each by itself: then the batch cannot be divided into groups
    /// (<c>TrainingOptions.Groups</c>). Null: it is. By default nobody has said that it is. What a rule draws once a batch
    /// (<see cref="RuleEntry.DrawsOncePerBatch"/>) is no reason, for all groups get the same draw. A rule that writes a mean itself divides
    /// by <see cref="Gradients.Divisor"/>.
    /// </summary>
    public virtual string? SplitObjection
        => $"it does not say that each example has a part of its own in the gradient ({nameof(SplitObjection)} null)";

    /// <summary>
    /// Whether it leaves rows out that do not count (<see cref="Batch.Mask"/>): they change no gradient of another row, whatever they hold.
    /// By default not, and such a batch is refused. Rules that give every hidden layer an error do it.
    /// </summary>
    protected virtual bool HonorsMask => false;

    /// <summary>The forward pass over the rule's latest batch.</summary>
    /// <exception cref="InvalidOperationException">Ranks share the layers, so there is no pass over all of them.</exception>
    protected ForwardPass Pass => HasPart
        ? throw new InvalidOperationException(
            $"{Id} reads the whole forward pass, of which a rank has a part: ranks cannot share the layers")
        : _pass;

    /// <summary>Whether it is now teaching some layers only, which have been run elsewhere.</summary>
    internal bool HasPart { get; set; }

    /// <summary>Estimates the gradient of the mean loss of a batch. Changes no weight, and does not care what the buffers held.</summary>
    /// <param name="batch">
    /// At least one example, and at most as many as the setup said. If it has a mask, means are over the rows that count.
    /// </param>
    /// <param name="gradients">Receives the gradients; made for the parameters of the network and of the rule.</param>
    /// <param name="hiddenErrors">If given, receives the error at each hidden layer as the rule sees it, for instruments.</param>
    /// <returns>The mean loss of the batch; not finite if the network has diverged.</returns>
    public abstract double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null);

    /// <summary>
    /// Refuses a network that the rule cannot run again in parts: one that is more than layers one after another, or a spiking one, where
    /// further passes would be its next time steps.
    /// </summary>
    /// <param name="setup">What the rule is made from.</param>
    /// <param name="rule">The rule's name in prose.</param>
    /// <exception cref="ArgumentException">The network is such a one.</exception>
    protected static void RequireAnswersAtOnce(RuleSetup setup, string rule)
    {
        setup.Network.RequireChain(rule);
        RequireInstant(setup, rule);
    }

    /// <summary>Refuses a spiking network, where further passes would be its next time steps.</summary>
    /// <param name="setup">What the rule is made from.</param>
    /// <param name="rule">The rule's name in prose.</param>
    /// <exception cref="ArgumentException">The network is such a one.</exception>
    protected static void RequireInstant(RuleSetup setup, string rule)
    {
        ArgumentNullException.ThrowIfNull(setup);
        if (setup.Network.Dynamics is not null)
        {
            throw new ArgumentException($"{rule} needs a network that answers at once, not a spiking one", nameof(setup));
        }
    }

    /// <exception cref="ArgumentException">The setup has an option that no rule made from it knows: a name was mistyped.</exception>
    internal void RequireKnownOptions()
    {
        if (_setup.UnknownOption is { } unknown)
        {
            throw new ArgumentException(unknown, nameof(RuleSetup.Options));
        }
    }

    /// <summary>The streams that the modules of its pass draw from while it estimates.</summary>
    internal IReadOnlyList<RandomStream> ModuleNoise => _pass.Noise;

    /// <summary>All streams that are drawn from while it estimates: its own, then the modules'.</summary>
    internal IReadOnlyList<RandomStream> AllNoise => [.. Noise, .. ModuleNoise];

    /// <summary>Its entry, if it is known: the one that made it, or that of a class of this library.</summary>
    private RuleEntry? KnownEntry => _setup.Entry ?? RuleCatalog.Standard.Of(this);

    /// <summary>The entry that made it; null: none did.</summary>
    private protected RuleEntry? MadeBy => _setup.Entry;

    /// <summary>Notes feedback weights that are fixed and were given, so that they may be others than the setup would draw.</summary>
    /// <param name="feedback">The weights.</param>
    private protected void NoteGiven(params IEnumerable<WeightSource> feedback) => _given = [.. feedback];

    /// <summary>Adds its settings to the identity of a training.</summary>
    internal void Identify(Identity identity)
    {
        identity.Add(Identity.Kind, Id);
        Loss.Identify(identity);
        Pass.Identify(identity);
        IdentifyOwn(identity);
    }

    /// <summary>Adds what makes it differ from other rules of its kind.</summary>
    internal virtual void IdentifyOwn(Identity identity)
    {
        _setup.Identify(identity, KnownEntry);

        // What an entry draws follows from the setup.
        var isDrawn = _given.Count == 0 || MadeBy is { FeedbackFollowsInitialWeights: false };
        identity.In("feedback").Add("given", isDrawn ? "none" : Fingerprint.Of(_given.Select(weights => weights.Read())));
        foreach (var (name, value) in Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            identity.In("settings").Add(name, value);
        }
    }

    /// <summary>Carries what goes on to the next batch, but for the parameters.</summary>
    internal void Carry(StateCarrier state)
    {
        foreach (var noise in Noise)
        {
            state.Carry("rule/noise", noise);
        }

        foreach (var noise in Pass.Noise)
        {
            state.Carry("network/noise", noise);
        }

        state.Carry("rule/memory", Memory);
        Pass.Carry(state);
    }

    /// <summary>
    /// What all rules begin with: runs the network, evaluates the loss, and takes the exact gradient of the output layer.
    /// </summary>
    /// <param name="batch">The examples.</param>
    /// <param name="gradients">Receives the output layer's gradient; says of all others that there is none yet.</param>
    /// <param name="localError">batch × outputs; receives the output layer's local error, ∂loss/∂pre-activation.</param>
    /// <returns>The mean loss.</returns>
    protected double LearnOutputLayer(in Batch batch, Gradients gradients, out Matrix localError)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentOutOfRangeException.ThrowIfZero(batch.Count);
        if (!batch.Mask.IsEmpty && !HonorsMask)
        {
            throw new ArgumentException($"{Id} learns from every row of a batch; leave {nameof(Batch.Mask)} out", nameof(batch));
        }

        gradients.Begin(batch.RequireExamples());
        var outputs = Pass.Run(batch.Inputs);
        localError = _errors.Top(batch.Count);
        var loss = Judge(batch, Pass, outputs, localError);
        LearnOutputLayer(Pass, localError, gradients);
        return loss;
    }

    /// <summary>Evaluates the loss of a pass.</summary>
    /// <param name="batch">The examples.</param>
    /// <param name="pass">The pass that has run over them.</param>
    /// <param name="outputs">What it gave.</param>
    /// <param name="localError">batch × outputs; receives the output layer's local error.</param>
    /// <returns>The mean loss.</returns>
    private protected double Judge(in Batch batch, ForwardPass pass, Matrix outputs, Matrix localError)
    {
        var loss = Loss.Evaluate(outputs, batch.Targets, localError, batch.Mask.Span);
        pass.Localize(Network.Layers.Count - 1, localError);
        pass.CarryError(localError);

        // Units that fire at a tonic rate carry something also where there is no error.
        batch.ClearMasked(localError);
        return loss;
    }

    /// <summary>Takes the exact gradient of the output layer.</summary>
    private protected void LearnOutputLayer(ForwardPass pass, Matrix localError, Gradients gradients)
    {
        var last = Network.Layers.Count - 1;
        Network.Layers[last].Gradient(pass.InputOf(last), localError, gradients);
    }

    /// <summary>A pass with the masks of the rule's own, which runs some of the network's modules.</summary>
    /// <param name="maxBatch">The most examples in a batch.</param>
    /// <param name="instead">Makes another run than a module's own, or none (null).</param>
    private protected InstantPass CreatePass(int maxBatch, Func<Module, RunSetup, ModuleRun?> instead)
        => new(Network, maxBatch, _setup.Streams, instead, (InstantPass)Pass);
}
