using FeedbackAlignment.Experiments.Theory;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>The paper's theory, computed in <see cref="double"/> when first asked for; a few seconds, the same at every effort.</summary>
/// <param name="cancellation">Ends the waiting for what takes seconds to compute.</param>
internal sealed class TheoryEvidence(CancellationToken cancellation = default)
{
    private readonly Lazy<Task<MinimalNetworkResult>> _minimalNetwork = Begun(() => MinimalNetwork.Examine());
    private readonly Lazy<Task<TheoremOneResult>> _theoremOne = Begun(() => new Theory.TheoremOne(new TheoremOneSetup()).Integrate());
    private readonly Lazy<Task<TheoremTwoResult>> _pair = Begun(() => Theory.TheoremTwo.Simulate());
    private readonly Lazy<Task<GaussNewtonResult>> _gaussNewton = Begun(() => Theory.GaussNewton.Compare());

    private readonly Lazy<Task<IReadOnlyList<ScaleCourse>>> _scales = Begun(
        () => ScaleSweep.Follow([.. PaperExperiments.Scales.Select(scale => (double)scale)], targetHalfWidth: 0.125, feedbackHalfWidth: 2));

    public IReadOnlyList<ScaleCourse> Scales => Wait(_scales);

    public MinimalNetworkResult Plane => Wait(_minimalNetwork);

    public TheoremOneResult TheoremOne => Wait(_theoremOne);

    public TheoremTwoResult TheoremTwo => Wait(_pair);

    public GaussNewtonResult GaussNewton => Wait(_gaussNewton);

    private static Lazy<Task<T>> Begun<T>(Func<T> compute) => new(() => Task.Run(compute));

    /// <summary>What is no longer waited for computes on in the background, and nobody looks at it.</summary>
    private T Wait<T>(Lazy<Task<T>> computed)
    {
        cancellation.ThrowIfCancellationRequested();
        return computed.Value.WaitAsync(cancellation).GetAwaiter().GetResult();
    }
}
