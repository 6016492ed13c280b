Imports System
Imports System.IO
Imports System.Linq
Imports FeedbackAlignment.Data
Imports FeedbackAlignment.Exchange
Imports FeedbackAlignment.Losses
Imports FeedbackAlignment.Networks
Imports FeedbackAlignment.Numerics
Imports FeedbackAlignment.Optimizers
Imports FeedbackAlignment.Rules
Imports FeedbackAlignment.Training

Module Program
    Sub Main()
        ' From arrays to a model in a file. Types with required properties are made by their constructors.
        Dim random = New Random(1)
        Dim labels = Enumerable.Range(0, 300).Select(Function(example) random.Next(3)).ToArray()
        Dim inputs = labels.Select(Function(label) New Single() {1000.0F * (label + random.NextSingle()), 0.01F * random.NextSingle()}).ToArray()
        Dim parts = DataSet.FromArrays(inputs, labels, 3).Split(validation:=0.2, test:=0.2, seed:=1)

        Dim standardizer = FeedbackAlignment.Data.Standardizer.Fit(parts.Train.Inputs)
        Dim data = New DataSplit(standardizer.Apply(parts.Train), standardizer.Apply(parts.Validation), standardizer.Apply(parts.Test))

        Dim streams = New RandomStreams(1)
        Dim net = Network.Mlp("2-16-3", seed:=1)
        Dim options = New TrainingOptions(20000, LearningRateSchedule.Constant(0.1F)) With {.BatchSize = 16, .Patience = 10}
        Dim rule = New FeedbackAlignmentRule(options.CreateSetup(net, Loss.SoftmaxCrossEntropy, streams))
        Dim result = New Trainer(rule, New Sgd(rule.LearnedParameters), data, options, streams).Run()

        Using file = New MemoryStream(), weights = New MemoryStream()
            Dim trained = New TrainedModel(net, Loss.SoftmaxCrossEntropy) With {.InputStandardizer = standardizer, .ClassNames = {"low", "middle", "high"}}
            trained.Save(file)
            file.Position = 0
            Dim model = TrainedModel.Load(file, "model.safetensors")
            Dim unseen = New Single() {1500.0F, 0.005F}
            Dim answer = model.PredictClassNames(Matrix.From({unseen}))(0)
            Console.WriteLine($"{result.Status}: {result.TestError:P1} error; 1500 is {answer}")
            Console.WriteLine(ConfusionMatrix.Evaluate(net, data.Test).ToString(model.ClassNames))

            net.Save(weights)
            weights.Position = 0
            If Not Network.Load(weights, "network.safetensors").PredictClasses(data.Test.Inputs).SequenceEqual(net.PredictClasses(data.Test.Inputs)) Then
                Throw New InvalidOperationException("the loaded network answers otherwise")
            End If
        End Using
    End Sub
End Module
