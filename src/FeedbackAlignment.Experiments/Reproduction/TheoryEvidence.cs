using FeedbackAlignment.Experiments.Theory;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>The paper's theory, computed in <see cref="double"/> when first asked for; a few seconds, the same at every effort.</summary>
internal sealed class TheoryEvidence
{
    private readonly Lazy<MinimalNetworkResult> _minimalNetwork = new(() => MinimalNetwork.Examine());
    private readonly Lazy<TheoremOneResult> _theoremOne = new(() => new Theory.TheoremOne(new TheoremOneSetup()).Integrate());
    private readonly Lazy<TheoremTwoResult> _pair = new(() => Theory.TheoremTwo.Simulate());
    private readonly Lazy<GaussNewtonResult> _gaussNewton = new(() => Theory.GaussNewton.Compare());

    private readonly Lazy<IReadOnlyList<ScaleCourse>> _scales = new(() => ScaleSweep.Follow([.. PaperExperiments.Scales.Select(scale => (double)scale)], targetHalfWidth: 0.125, feedbackHalfWidth: 2));

    public IReadOnlyList<ScaleCourse> Scales => _scales.Value;

    public MinimalNetworkResult Plane => _minimalNetwork.Value;

    public TheoremOneResult TheoremOne => _theoremOne.Value;

    public TheoremTwoResult TheoremTwo => _pair.Value;

    public GaussNewtonResult GaussNewton => _gaussNewton.Value;
}
