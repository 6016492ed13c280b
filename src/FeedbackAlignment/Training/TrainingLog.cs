namespace FeedbackAlignment.Training;

/// <summary>Adds up training losses and collects the learning curve.</summary>
/// <param name="trainExamples">Examples in one pass.</param>
internal sealed class TrainingLog(int trainExamples)
{
    private readonly List<CurvePoint> _curve = [];
    private double _sinceLastPoint;
    private long _examplesSinceLastPoint;
    private double _thisPass, _previousPass = double.NaN;
    private long _examplesThisPass;

    /// <summary>Examples in one pass.</summary>
    public int TrainExamples => trainExamples;

    public IReadOnlyList<CurvePoint> Curve => _curve;

    /// <summary>Mean loss of the latest whole pass; before there is one, of all examples so far; NaN before the first.</summary>
    public double LastPassLoss => double.IsNaN(_previousPass) ? _thisPass / _examplesThisPass : _previousPass;

    public void Add(double loss, int examples)
    {
        _sinceLastPoint += loss * examples;
        _examplesSinceLastPoint += examples;
        _thisPass += loss * examples;
        _examplesThisPass += examples;

        // Batches never straddle two passes, so this hits every end of a pass.
        if (_examplesThisPass == trainExamples)
        {
            _previousPass = _thisPass / trainExamples;
            (_thisPass, _examplesThisPass) = (0, 0);
        }
    }

    public CurvePoint Point(long examples, Evaluation validation, float learningRate)
    {
        var trainLoss = _sinceLastPoint / _examplesSinceLastPoint;
        (_sinceLastPoint, _examplesSinceLastPoint) = (0, 0);
        var point = new CurvePoint(examples, (double)examples / trainExamples, trainLoss, validation, learningRate);
        _curve.Add(point);
        return point;
    }
}
